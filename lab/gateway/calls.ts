/** One call that reached the local AWS, with its outcome. */
export interface RecordedCall {
  /** 1, 2, 3, … in the order of the answers. */
  readonly seq: number;
  /** When the call arrived, ISO 8601. */
  readonly time: string;
  /**
   * When it was answered, ISO 8601: call A was over before call B began if `A.endTime < B.time`.
   */
  readonly endTime: string;
  /** The caller's account. */
  readonly accountId: string;
  /** The caller: `arn:aws:sts::111111111111:assumed-role/name/session` or a user's ARN. */
  readonly principalArn: string;
  /** The signing name, e.g. `s3`. */
  readonly service: string;
  readonly region: string;
  /** The API operation, e.g. `CreateTrail`; `Unknown(...)` where the request is none we know. */
  readonly action: string;
  /** What the request calls its resource: an ARN, a name or an ID. */
  readonly resource?: string;
  /** The request's parameters; of an S3 request only bucket and key. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** AWS's name of the error, where the answer is one that says it. */
  readonly errorCode?: string;
}

/** All calls of a local AWS, in the order of their answers. */
export class CallLog {
  readonly #calls: RecordedCall[] = [];

  /** @param onCall is called with each call as it is recorded */
  constructor(private readonly onCall?: (call: RecordedCall) => void) {}

  /** The calls so far. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  record(call: Omit<RecordedCall, "seq">): void {
    const recorded = { seq: this.#calls.length + 1, ...call };
    this.#calls.push(recorded);
    this.onCall?.(recorded);
  }
}
