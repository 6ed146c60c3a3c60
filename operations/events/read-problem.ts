import { S3ServiceException } from "@aws-sdk/client-s3";
import { isUnanswered } from "../../aws/request-limits";
import { NoAnswer, NoListing } from "../../verify/log-bucket";
import { reasonOf } from "../../aws/reason";

/** A file or folder of the log bucket that could not be read, or not to its end. */
export interface ReadProblem {
  readonly kind:
    | "archived"
    | "key-refused"
    | "refused"
    | "no-credentials"
    | "gone"
    | "no-bucket"
    | "other-region"
    | "no-listing"
    | "unanswered"
    | "cut"
    | "failed"
    | "not-verified";
  /** What was found, in words. */
  readonly what: string;
  /** `s3://bucket/key`; a folder's ends with a slash. */
  readonly file: string;
  /** What to do about it. */
  readonly how: string;
  /**
   * What to run, for a POSIX shell.
   * @default - it takes more than a command
   */
  readonly command?: string;
  /**
   * What problems of one cause have in common: a storage class, a KMS key, AWS's error code.
   * @default - all of the kind have one cause
   */
  readonly about?: string;
}

/** What was to be read. */
export interface ReadTarget {
  readonly bucket: string;
  /** Of an object; of a folder what its keys begin with. */
  readonly key: string;
  readonly doing: "listing" | "asking" | "reading";
  /** The bucket's, as the environment says it. */
  readonly region: string;
  /** Who reads, for people. */
  readonly who: string;
}

/** Days that a restored file stays; no more than it takes to search it. */
const RESTORED_DAYS = 7;

/**
 * What an error of reading says, and the way out. Which errors S3 answers with:
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function readProblem(error: unknown, target: ReadTarget): ReadProblem {
  const { key, doing, region, who } = target;
  const file = placeOf(target);
  const reason = reasonOf(error);
  const { name, message, $metadata } = (error ?? {}) as Partial<S3ServiceException>;
  const verb = doing === "listing" ? "listed" : "read";
  const problem = (
    kind: ReadProblem["kind"],
    what: string,
    how: string,
    about?: string,
  ): ReadProblem => ({ kind, what, file, how, ...(about === undefined ? {} : { about }) });

  if (name === "InvalidObjectState") {
    const { StorageClass = "an archive" } = error as { readonly StorageClass?: string };
    const how = "Restore it, which takes hours and the right s3:RestoreObject, and search again:";
    return {
      ...problem("archived", `It is archived (${StorageClass}).`, how, StorageClass),
      command: restoreCommand(target, StorageClass),
    };
  }
  if (isUnanswered(error) || (doing === "reading" && !(error instanceof S3ServiceException))) {
    return doing === "reading"
      ? problem("cut", `It could not be read to its end: ${reason}.`, "Search again.")
      : problem("unanswered", `It could not be ${verb}: ${reason}.`, "Search again later.");
  }
  const proxy = "Look whether a proxy or a portal answers in the place of S3.";
  if (error instanceof NoListing)
    return problem(
      "no-listing",
      `What was answered is not a listing of a bucket: ${message}.`,
      proxy,
    );
  if (error instanceof NoAnswer)
    return problem("failed", `It could not be ${verb}: ${message}.`, proxy, name);
  if (!(error instanceof S3ServiceException)) {
    return problem(
      "no-credentials",
      `It could not be ${verb} as ${who}: ${reason}.`,
      "Let the role be assumed, or give another one with --role-arn or --profile.",
      name,
    );
  }
  const wholeReason = `It could not be ${verb} as ${who}: ${reason}.`;
  if (name?.startsWith("KMS.") || /\bkms:/.test(message ?? "")) {
    const keyArn = /arn:[\w-]+:kms:[\w:/-]+/.exec(message ?? "")?.[0];
    return problem(
      "key-refused",
      wholeReason,
      `It needs kms:Decrypt on ${keyArn ?? "the key of the file"}, in its own policies and in the key's, and the key has to be enabled.`,
      keyArn ?? name,
    );
  }
  switch (name) {
    case "AccessDenied":
      return problem(
        "refused",
        wholeReason,
        doing === "listing"
          ? `It needs s3:ListBucket on the bucket with the prefix ${key}; or give another role or profile with --role-arn or --profile.`
          : "It needs s3:GetObject on the file, and kms:Decrypt on the file's key. Without s3:ListBucket, S3 also answers so for a file that is gone.",
        doing,
      );
    case "NoSuchBucket":
      return problem(
        "no-bucket",
        "There is no such bucket.",
        "Correct destination.bucket in the environment file, or deploy it.",
      );
    case "PermanentRedirect":
    case "IllegalLocationConstraintException":
    case "AuthorizationHeaderMalformed":
      return problem(
        "other-region",
        `The bucket is not in ${region}${regionOf(error)}.`,
        "Correct destination.region in the environment file.",
      );
    case "ExpiredToken":
    case "InvalidToken":
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
      return problem(
        "no-credentials",
        wholeReason,
        "Get new credentials, or give other ones with --role-arn or --profile.",
        name,
      );
    case "RequestTimeTooSkewed":
      return problem("no-credentials", wholeReason, "Set the clock of this computer.", name);
    default:
      return problem(
        "failed",
        `It could not be ${verb}: ${reason} (HTTP status ${$metadata?.httpStatusCode ?? "unknown"}).`,
        "Search again later.",
        name,
      );
  }
}

/** An object that was listed, and that S3 then knew no more. */
export function goneProblem(target: ReadTarget): ReadProblem {
  return {
    kind: "gone",
    what: "It was listed, and is gone.",
    file: placeOf(target),
    how: "A lifecycle rule may have removed it; `verify` says whether a digest file names it.",
  };
}

/** `s3://bucket/key` */
export function placeOf({ bucket, key }: ReadTarget): string {
  return `s3://${bucket}/${key}`;
}

/** ` but in eu-central-1`, where S3 says it. */
function regionOf({ $response }: S3ServiceException): string {
  const region = $response?.headers["x-amz-bucket-region"];
  return region === undefined ? "" : ` but in ${region}`;
}

/** @see https://docs.aws.amazon.com/cli/latest/reference/s3api/restore-object.html */
function restoreCommand({ bucket, key, region }: ReadTarget, storageClass: string): string {
  const request = {
    // Of an archive tier of Intelligent-Tiering the file comes back for good.
    ...(storageClass === "INTELLIGENT_TIERING" ? {} : { Days: RESTORED_DAYS }),
    GlacierJobParameters: { Tier: "Standard" },
  };
  const quoted = `'${key.replaceAll("'", `'\\''`)}'`;
  return `aws s3api restore-object --region ${region} --bucket ${bucket} --key ${quoted} --restore-request '${JSON.stringify(request)}'`;
}
