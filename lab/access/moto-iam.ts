import { motoHeaders } from "../gateway/moto-proxy";

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
        ...motoHeaders({
          service: "iam",
          region: "us-east-1",
          accessKeyId: "local-aws",
          accountId,
        }),
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`moto refused IAM ${action}: ${response.status} ${text}`);
    return text;
  }
}
