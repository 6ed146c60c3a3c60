import { parseArn } from "../../cloudtrail/arn";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { stsClient } from "../../aws/clients";

/** Whose access key it is. */
export interface Caller {
  readonly accessKeyId: string;
  readonly accountId: string;
  /**
   * `arn:aws:sts::111111111111:assumed-role/name/session` or `arn:aws:iam::111111111111:user/name`.
   */
  readonly arn: string;
}

/**
 * Access key → principal. moto knows each key that it handed out, by AssumeRole or to an IAM user,
 * and says so when asked with that key. Any other key it takes for a stand-in of its own.
 */
export class AccessKeys {
  readonly #known = new Map<string, Promise<Caller | undefined>>();

  /** @param endpoint moto's */
  constructor(private readonly endpoint: string) {}

  /** Undefined for a key that nobody was given. */
  async find(accessKeyId: string, region: string): Promise<Caller | undefined> {
    const asked = this.#known.get(accessKeyId) ?? this.#ask(accessKeyId, region);
    this.#known.set(accessKeyId, asked);
    const caller = await asked.catch((error: unknown) => {
      this.#known.delete(accessKeyId);
      throw error;
    });
    // A key that is unknown now may be handed out later.
    if (caller === undefined) this.#known.delete(accessKeyId);
    return caller;
  }

  /** To be asked anew: a call of IAM may have changed who has which key. */
  forget(): void {
    this.#known.clear();
  }

  async #ask(accessKeyId: string, region: string): Promise<Caller | undefined> {
    const sts = stsClient({
      endpoint: this.endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey: "not checked" },
    });
    try {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      if (!Account || !Arn || isStandIn(Arn)) return undefined;
      return { accessKeyId, accountId: Account, arn: Arn };
    } finally {
      sts.destroy();
    }
  }
}

/** moto's stand-in has an ARN that no real principal can have: a user in the service sts. */
function isStandIn(text: string): boolean {
  const arn = parseArn(text);
  return arn?.service === "sts" && arn.resource === "user/moto";
}
