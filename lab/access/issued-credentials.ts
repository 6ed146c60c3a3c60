import { textOf } from "../gateway/xml";

/** What belongs to an access key. */
export interface IssuedKey {
  readonly secretAccessKey: string;
  /** @default - long-term credentials have none */
  readonly sessionToken?: string;
}

/** A call that was answered without an error. */
interface AnsweredCall {
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly answer?: string;
}

/** The credentials that the local AWS has handed out, so that signatures can be computed again. */
export class IssuedCredentials {
  readonly #keys = new Map<string, IssuedKey>();
  readonly #inactive = new Set<string>();

  /** Undefined for a key that was not handed out, was deleted or is inactive. */
  find(accessKeyId: string): IssuedKey | undefined {
    return this.#inactive.has(accessKeyId) ? undefined : this.#keys.get(accessKeyId);
  }

  add(accessKeyId: string, key: IssuedKey): void {
    this.#keys.set(accessKeyId, key);
  }

  /** Takes note of a call that hands out credentials, or takes them back. */
  note({ service, action, parameters, answer = "" }: AnsweredCall): void {
    const isNew =
      (service === "sts" && action === "AssumeRole") ||
      (service === "iam" && action === "CreateAccessKey");
    if (isNew) this.#read(answer);
    if (service !== "iam") return;
    const accessKeyId = String(parameters["AccessKeyId"]);
    if (action === "DeleteAccessKey") this.#keys.delete(accessKeyId);
    if (action !== "UpdateAccessKey") return;
    if (parameters["Status"] === "Active") this.#inactive.delete(accessKeyId);
    else this.#inactive.add(accessKeyId);
  }

  #read(answer: string): void {
    const field = (name: string): string | undefined => textOf(answer, name) || undefined;
    const [accessKeyId, secretAccessKey] = [field("AccessKeyId"), field("SecretAccessKey")];
    if (accessKeyId !== undefined && secretAccessKey !== undefined)
      this.add(accessKeyId, { secretAccessKey, sessionToken: field("SessionToken") });
  }
}
