import { ADMINISTRATOR } from "./assumable-roles";
import { textsOf } from "../gateway/xml";
import type { MotoIam } from "./moto-iam";

/** Long-term credentials. */
export interface LongTermCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Makes the IAM user whose credentials a person or a pipeline starts with: in an account of its
 * own, of which it is an administrator, and from where roles in the other accounts are assumed.
 */
export async function createOperator(
  iam: MotoIam,
  accountId: string,
): Promise<LongTermCredentials> {
  const UserName = "operator";
  await iam.call(accountId, "CreateUser", { UserName });
  await iam.call(accountId, "PutUserPolicy", {
    UserName,
    PolicyName: "administrator",
    PolicyDocument: JSON.stringify(ADMINISTRATOR),
  });
  const answer = await iam.call(accountId, "CreateAccessKey", { UserName });
  const field = (name: string): string => {
    const [value] = textsOf(answer, name);
    if (value === undefined) throw new Error(`moto's CreateAccessKey has no ${name}: ${answer}`);
    return value;
  };
  return { accessKeyId: field("AccessKeyId"), secretAccessKey: field("SecretAccessKey") };
}
