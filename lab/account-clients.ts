import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SNSClient } from "@aws-sdk/client-sns";
import { kmsClient, s3Client, snsClient } from "../aws/clients";

/** moto takes the account of a request from this header before anything else. */
export const MOTO_ACCOUNT_HEADER = "x-moto-account-id";

type Client = S3Client | KMSClient | SNSClient;

/**
 * The local AWS's own view into every account: SDK clients that talk to moto directly. They see the
 * live state, unrecorded and whatever the policies say.
 */
export class AccountClients {
  readonly #clients = new Map<string, Client>();

  /** @param endpoint moto's */
  constructor(private readonly endpoint: string) {}

  s3(accountId: string, region: string): S3Client {
    return this.#cached(`s3 ${accountId} ${region}`, () => {
      const client = s3Client(this.#options(region));
      client.middlewareStack.add(asAccount(accountId), { step: "build" });
      return client;
    });
  }

  kms(accountId: string, region: string): KMSClient {
    return this.#cached(`kms ${accountId} ${region}`, () => {
      const client = kmsClient(this.#options(region));
      client.middlewareStack.add(asAccount(accountId), { step: "build" });
      return client;
    });
  }

  sns(accountId: string, region: string): SNSClient {
    return this.#cached(`sns ${accountId} ${region}`, () => {
      const client = snsClient(this.#options(region));
      client.middlewareStack.add(asAccount(accountId), { step: "build" });
      return client;
    });
  }

  /** Closes the clients' connections. */
  destroy(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  #options(region: string) {
    return {
      endpoint: this.endpoint,
      region,
      credentials: { accessKeyId: "local-aws", secretAccessKey: "local-aws" },
    };
  }

  #cached<T extends Client>(key: string, make: () => T): T {
    const client = this.#clients.get(key) ?? make();
    this.#clients.set(key, client);
    return client as T;
  }
}

/** SDK middleware that puts {@link MOTO_ACCOUNT_HEADER} on every request. */
function asAccount(accountId: string) {
  return <Args extends { request: unknown }, Output>(next: (args: Args) => Promise<Output>) =>
    (args: Args): Promise<Output> => {
      (args.request as { headers: Record<string, string> }).headers[MOTO_ACCOUNT_HEADER] =
        accountId;
      return next(args);
    };
}
