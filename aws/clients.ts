import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { S3ControlClient } from "@aws-sdk/client-s3-control";
import { SNSClient } from "@aws-sdk/client-sns";
import { STSClient } from "@aws-sdk/client-sts";
import { fromIni, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { Readable } from "node:stream";
import { LimitedRequests, REQUEST_LIMITS, type RequestLimits } from "./request-limits";

/**
 * Every client of AWS's SDK that this project uses is made here, those inside of credentials too:
 * each with limits to its requests and with the same retries.
 */

/** What every client takes as `credentials`; renewed before they run out. */
export type CredentialProvider = ReturnType<typeof fromTemporaryCredentials>;

/** An access key of a user. */
export interface AccessKey {
  /** `AKIA…` */
  readonly accessKeyId: string;
  /** What requests are signed with. */
  readonly secretAccessKey: string;
}

/** Credentials that are at hand, or a way to them. */
export type Credentials = AccessKey | CredentialProvider;

/** Where a client asks, and as whom. */
export interface ClientOptions {
  readonly region: string;
  /** @default - as the SDK finds it: AWS_ENDPOINT_URL, its files, AWS's own */
  readonly endpoint?: string;
  /** @default - the SDK's chain */
  readonly credentials?: Credentials;
  /** @default - {@link REQUEST_LIMITS} */
  readonly limits?: RequestLimits;
}

/**
 * How often a request is tried, where the network or AWS was at fault. In between it waits up to 20
 * s.
 */
const ATTEMPTS = 5;

/** S3, with paths where the endpoint is not AWS's: a local AWS's host has none for each bucket. */
export function s3Client(options: ClientOptions): S3Client {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL } = process.env;
  const forcePathStyle = (options.endpoint ?? AWS_ENDPOINT_URL_S3) !== undefined;
  const client = new S3Client({ ...settings(options), forcePathStyle });
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { Body } = result.output as { readonly Body?: Readable };
      // Kept for who reads it: a file that breaks off before that must not end the process.
      Body?.on("error", () => undefined);
      return result;
    },
    { step: "initialize" },
  );
  return client;
}

/**
 * S3's API for access points. AWS's own endpoint has a host for each account, a local AWS's has
 * not.
 */
export function s3ControlClient(options: ClientOptions): S3ControlClient {
  const { endpoint = process.env.AWS_ENDPOINT_URL, ...others } = options;
  if (endpoint === undefined) return new S3ControlClient(settings(others));
  const answer = { url: new URL(endpoint), headers: {}, properties: {} };
  return new S3ControlClient({ ...settings(others), endpointProvider: () => answer });
}

export function cloudTrailClient(options: ClientOptions): CloudTrailClient {
  return new CloudTrailClient(settings(options));
}

export function kmsClient(options: ClientOptions): KMSClient {
  return new KMSClient(settings(options));
}

export function snsClient(options: ClientOptions): SNSClient {
  return new SNSClient(settings(options));
}

export function stsClient(options: ClientOptions): STSClient {
  return new STSClient(settings(options));
}

/** A role to assume. */
export interface AssumedRole {
  readonly roleArn: string;
  readonly sessionName?: string;
  /** @default - none */
  readonly externalId?: string;
}

/** Credentials of a role. The options' own are those that assume it. */
export function roleProvider(
  { roleArn, sessionName, externalId }: AssumedRole,
  { credentials: masterCredentials, ...options }: ClientOptions,
): CredentialProvider {
  return fromTemporaryCredentials({
    masterCredentials,
    params: { RoleArn: roleArn, RoleSessionName: sessionName, ExternalId: externalId },
    clientConfig: settings(options),
  });
}

/** Credentials of a profile of the AWS CLI's files. */
export function profileProvider(
  profile: string,
  options: Omit<ClientOptions, "credentials">,
): CredentialProvider {
  const { region, ...clientConfig } = settings(options);
  // The profile's own region goes first; a client's region would go before that of its single
  // sign-on.
  return fromIni({ profile, clientConfig, parentClientConfig: { region } });
}

function settings({ region, endpoint, credentials, limits = REQUEST_LIMITS }: ClientOptions) {
  return {
    region,
    endpoint,
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: new LimitedRequests(limits),
    retryMode: "standard",
    maxAttempts: ATTEMPTS,
    customUserAgent: "central-trail",
  };
}
