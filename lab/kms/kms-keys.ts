import { parseArn } from "../../cloudtrail/arn";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import type { AccountClients } from "../account-clients";
import type { LivePolicies } from "../access/live-policies";

/** Where a key's name is looked up. */
export interface KeyScope {
  readonly accountId: string;
  readonly region: string;
}

/** Finds customers' keys by whatever a request calls them. */
export class KmsKeys {
  constructor(
    private readonly clients: AccountClients,
    private readonly policies: LivePolicies,
  ) {}

  /**
   * The ARN of a customer's key, by ID or alias within the scope, or by an ARN of any account.
   * Undefined for AWS's own keys and for none.
   */
  async find(keyId: string, scope: KeyScope): Promise<string | undefined> {
    const arn = parseArn(keyId);
    const {
      region,
      account: accountId,
      resource: name,
    } = arn ?? {
      region: scope.region,
      account: scope.accountId,
      resource: keyId,
    };
    if (region !== scope.region) return undefined;
    const id = name.startsWith("alias/")
      ? await this.#aliasTarget(name, { accountId, region })
      : name.replace(/^key\//, "");
    const found = id === undefined ? undefined : this.policies.keyArn(id, region);
    return found !== undefined && parseArn(found)?.account === accountId ? found : undefined;
  }

  /** The ARN of the key, of any account, that encrypted: moto's ciphertexts begin with its ID. */
  findByCiphertext(ciphertext: string, region: string): string | undefined {
    const id = Buffer.from(ciphertext, "base64").subarray(0, 36).toString();
    return this.policies.keyArn(id, region);
  }

  async #aliasTarget(name: string, { accountId, region }: KeyScope): Promise<string | undefined> {
    try {
      const client = this.clients.kms(accountId, region);
      return (await client.send(new DescribeKeyCommand({ KeyId: name }))).KeyMetadata?.KeyId;
    } catch (error) {
      if (error instanceof Error && error.name === "NotFoundException") return undefined;
      throw error;
    }
  }
}
