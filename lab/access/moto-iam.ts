import { MOTO_ACCOUNT_HEADER } from "../account-clients";
import { unescapeXml } from "../gateway/service-error";

/** IAM of moto, in any account, whatever the policies say. */
export class MotoIam {
  /** @param endpoint moto's */
  constructor(private readonly endpoint: string) {}

  /**
   * @returns the answer, XML
   * @throws Error where moto answers with an error
   */
  async call(
    accountId: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: {
        [MOTO_ACCOUNT_HEADER]: accountId,
        authorization:
          "AWS4-HMAC-SHA256 Credential=local-aws/20240101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`moto refused IAM ${action}: ${response.status} ${text}`);
    return text;
  }
}

/** The texts of an answer's elements of a name. */
export function valuesOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) =>
    unescapeXml(text),
  );
}
