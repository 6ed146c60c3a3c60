import { MOTO_ACCOUNT_HEADER } from "../account-clients";

/** Long-term credentials. */
export interface LongTermCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Makes the IAM user whose credentials a person or a pipeline starts with: in an account of its own,
 * from where roles in the other accounts are assumed.
 *
 * @param endpoint moto's
 */
export async function createOperator(
  endpoint: string,
  accountId: string,
): Promise<LongTermCredentials> {
  const iam = async (action: string): Promise<string> => {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        [MOTO_ACCOUNT_HEADER]: accountId,
        authorization:
          "AWS4-HMAC-SHA256 Credential=local-aws/20240101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ Action: action, Version: "2010-05-08", UserName: "operator" }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`moto refused IAM ${action}: ${response.status} ${text}`);
    return text;
  };
  await iam("CreateUser");
  const answer = await iam("CreateAccessKey");
  const field = (name: string): string => {
    const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1];
    if (value === undefined) throw new Error(`moto's CreateAccessKey has no ${name}: ${answer}`);
    return value;
  };
  return { accessKeyId: field("AccessKeyId"), secretAccessKey: field("SecretAccessKey") };
}
