import type { BucketHome } from "../access/live-policies";
import type { ObjectToDelete } from "../s3/s3-needs";
import type { DeniedBy } from "../gateway/service-error";
import type { UserCall } from "../gateway/user-call";

/** An answered call, with all that its records say. */
export interface ObservedCall extends UserCall {
  /** When it arrived, milliseconds. */
  readonly time: number;
  readonly sourceIp: string;
  /**
   * The session of the role whose credentials signed it.
   *
   * @default - a user's credentials, or a session that was not made here
   */
  readonly session?: RoleSession;
  /**
   * The home of the S3 bucket that it names.
   *
   * @default - it names none, or there is no such bucket
   */
  readonly bucket?: BucketHome;
  /** The ARNs of the KMS keys that a call of KMS was let use. */
  readonly keys: readonly string[];
  /** What a DeleteObjects call has deleted. */
  readonly deletedObjects: readonly ObjectToDelete[];
  /**
   * The request's body where it is a document of its own: the policy of PutBucketPolicy.
   *
   * @default - there is none
   */
  readonly document?: string;
  readonly answer: ObservedAnswer;
}

/** A session that AssumeRole made. */
export interface RoleSession {
  /** With its path. */
  readonly roleArn: string;
  /** Milliseconds. */
  readonly created: number;
}

/** The answer, as the caller got it. */
export interface ObservedAnswer {
  readonly requestId: string;
  /**
   * S3's second request ID.
   *
   * @default - another service's answer
   */
  readonly hostId?: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /**
   * AWS's name of the error.
   *
   * @default - the call went well
   */
  readonly errorCode?: string;
  /** @default - the call went well, or the answer has no text */
  readonly errorMessage?: string;
  /**
   * Which side refused.
   *
   * @default - none did
   */
  readonly deniedBy?: DeniedBy;
  /** @default - S3's answer, which is not read */
  readonly body?: string;
  /**
   * Bytes of the body.
   *
   * @default - not known beforehand
   */
  readonly size?: number;
}
