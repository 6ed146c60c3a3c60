import { PythonLines } from "./python-lines";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An error that AWS's API answered, as boto3 read it. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** What a boto3 client answers: plain JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = Record<string, any>;

interface Line {
  readonly result?: Answer;
  readonly error?: { readonly Code: string; readonly Message: string };
  readonly status?: number;
  readonly failure?: string;
}

/** boto3 in a Python process: the client by which tests look at the local AWS from outside. */
export class Boto3 {
  readonly #python = new PythonLines<Line>("boto3_calls.py");

  constructor(private readonly endpoint: string) {}

  /**
   * @param operation as boto3 calls it, e.g. `create_trail`
   * @throws AwsError where the API answers with an error
   */
  async call(
    credentials: AwsCredentials,
    region: string,
    service: string,
    operation: string,
    parameters: object,
  ): Promise<Answer> {
    const call = { endpoint: this.endpoint, credentials, region, service, operation, parameters };
    const { result, error, status, failure } = await this.#python.ask(call);
    if (failure !== undefined) throw new Error(failure);
    if (error !== undefined) throw new AwsError(error.Code, error.Message, status ?? 0);
    return result ?? {};
  }

  stop(): Promise<void> {
    return this.#python.stop();
  }
}
