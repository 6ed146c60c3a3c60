import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the S3 of a test answers a request; a string is the answer's body. */
export type Answer = string | Buffer | ((response: ServerResponse) => unknown);

/** Answers with an error of S3's. */
export function s3Error(status: number, code: string, message = "No.", more = ""): Answer {
  return (response) =>
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`);
}

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

function inXml(text: string): string {
  return text.replace(/[^\w/.-]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * An S3 on loopback for what no local AWS can be brought to do. It has objects by their keys, lists
 * them, lets every role be assumed, and answers otherwise where a test says so.
 */
export class LoopbackS3 {
  /** Objects, or how each is answered for. */
  readonly objects = new Map<string, Answer>();
  /** How a list of what begins with a prefix is answered, where it is not the list. */
  readonly lists = new Map<string, Answer>();
  /** How STS answers. */
  assumed: Answer = ASSUMED;
  readonly #server: Server;

  private constructor(private readonly bucket: string) {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://s3");
      const answer = this.#answer(request.method, url);
      if (typeof answer === "function") answer(response);
      else response.end(answer);
    });
  }

  static async start(bucket: string): Promise<LoopbackS3> {
    const s3 = new LoopbackS3(bucket);
    s3.#server.listen(0, "127.0.0.1");
    await once(s3.#server, "listening");
    return s3;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(method: string | undefined, { pathname, searchParams }: URL): Answer {
    if (method === "POST") return this.assumed;
    if (method === "HEAD") return "";
    if (!searchParams.has("list-type")) {
      const key = decodeURIComponent(pathname).slice(`/${this.bucket}/`.length);
      return this.objects.get(key) ?? s3Error(404, "NoSuchKey");
    }
    const prefix = searchParams.get("prefix") ?? "";
    return this.lists.get(prefix) ?? this.#list(prefix, searchParams.has("delimiter"));
  }

  #list(prefix: string, folders: boolean): string {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const below = (key: string): string =>
      key.slice(0, key.indexOf("/", prefix.length) + 1) || `${prefix}/`;
    const entries = folders
      ? [...new Set(keys.map(below))].map(
          (folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`,
        )
      : keys.map((key) => `<Contents><Key>${inXml(key)}</Key></Contents>`);
    return `<ListBucketResult><Name>${this.bucket}</Name><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
  }
}
