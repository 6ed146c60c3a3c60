import { parseArn } from "../../cloudtrail/arn";
import { parsePolicy } from "../../iam/parse";
import type { PolicyDocument } from "../../iam/policy-document";
import { textsOf } from "../gateway/xml";
import type { MotoIam } from "./moto-iam";

/** Of an IAM user or group: what the calls about its policies are called. */
type Holder = "User" | "Group";

/** The identity policies of IAM users: their own, and those of their groups. */
export class UserPolicies {
  readonly #known = new Map<string, Promise<readonly PolicyDocument[]>>();

  constructor(private readonly iam: MotoIam) {}

  /**
   * @param arn the user's
   * @throws PolicyError where one of them cannot be evaluated
   */
  of(arn: string): Promise<readonly PolicyDocument[]> {
    const asked = this.#known.get(arn) ?? this.#ask(arn);
    this.#known.set(arn, asked);
    asked.catch(() => this.#known.delete(arn));
    return asked;
  }

  /** To be asked anew: a call of IAM may have changed them. */
  forget(): void {
    this.#known.clear();
  }

  async #ask(arn: string): Promise<readonly PolicyDocument[]> {
    const accountId = parseArn(arn)!.account;
    const user = arn.slice(arn.lastIndexOf("/") + 1);
    const listed = await this.iam.call(accountId, "ListGroupsForUser", { UserName: user });
    const groups = textsOf(listed, "GroupName");
    const texts = [
      await this.#texts(accountId, "User", user),
      ...(await Promise.all(groups.map((group) => this.#texts(accountId, "Group", group)))),
    ].flat();
    return texts.map((text) => parsePolicy(text, "identity"));
  }

  async #texts(accountId: string, holder: Holder, name: string): Promise<string[]> {
    const named = { [`${holder}Name`]: name };
    const call = (action: string, parameters: Readonly<Record<string, string>>): Promise<string> =>
      this.iam.call(accountId, action, parameters);
    const inline = await call(`List${holder}Policies`, named);
    const attached = await call(`ListAttached${holder}Policies`, named);
    const own = textsOf(inline, "member").map(async (policy) => {
      const answer = await call(`Get${holder}Policy`, { ...named, PolicyName: policy });
      return textsOf(answer, "PolicyDocument");
    });
    const managed = textsOf(attached, "PolicyArn").map(async (policyArn) => {
      const [version = "v1"] = textsOf(
        await call("GetPolicy", { PolicyArn: policyArn }),
        "DefaultVersionId",
      );
      const answer = await call("GetPolicyVersion", { PolicyArn: policyArn, VersionId: version });
      return textsOf(answer, "Document");
    });
    const documents = (await Promise.all([...own, ...managed])).flat();
    return documents.map((text) => (text.startsWith("%7B") ? decodeURIComponent(text) : text));
  }
}
