import { randomUUID } from "node:crypto";
import type { CloudTrailRecord } from "../cloudtrail/records/record";
import type { PolicyDocument } from "../iam/policy-document";
import { AccessLogging } from "./s3/access-logging";
import { AccountClients } from "./account-clients";
import type { AssumableRole } from "./access/assumable-roles";
import { CallLog, type RecordedCall } from "./gateway/calls";
import { LabClock } from "./clock";
import { CloudTrailApi } from "./cloudtrail/api";
import { type Organization, ServiceAccess } from "./cloudtrail/service-access";
import { Delivery } from "./cloudtrail/delivery";
import { DeliveryBucket } from "./cloudtrail/delivery-bucket";
import { DeliveryNotifier } from "./cloudtrail/delivery-notifier";
import type { DeliveryAttempt } from "./cloudtrail/delivery-region";
import { EventHistory } from "./cloudtrail/event-history";
import { SigningKeys } from "./cloudtrail/signing-keys";
import { Trails } from "./cloudtrail/trails";
import { Gateway } from "./gateway/gateway";
import { LivePolicies } from "./access/live-policies";
import { KmsKeys } from "./kms/kms-keys";
import { ObjectEncryption } from "./s3/object-encryption";
import { S3Needs } from "./s3/s3-needs";
import { UserAccess } from "./access/user-access";
import { type MotoCommand, startMoto } from "./gateway/moto";
import { type AskedEvent, askedRecords } from "./records/asked-events";
import { deliveryRecord } from "./records/delivery-record";
import type { EventSink } from "./records/event-sink";
import type { Redaction } from "./records/records-of";
import { ExistingPrincipals } from "./access/existing-principals";
import { Identities } from "./access/identities";
import { IssuedCredentials } from "./access/issued-credentials";
import { MotoIam } from "./access/moto-iam";
import { createOperator, type LongTermCredentials } from "./access/operator";
import { AccessKeys } from "./access/principals";
import { PutPolicies } from "./access/put-policies";
import { UserPolicies } from "./access/user-policies";
import { Authentication } from "./gateway/authentication";

/** The account of the credentials that everything starts with: none of an environment's. */
export const OPERATOR_ACCOUNT = "999999999999";

/** More would be closer to AWS, and make an hour of many trails slow. */
const DEFAULT_REGIONS = ["us-east-1", "us-west-2", "eu-west-1"];

/** How often it is seen what is due by the time alone, milliseconds. */
const REAL_TIME_RHYTHM = 5000;

/** Goes on without the request that met it; never silent. */
function printFault(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`The local AWS met a fault of its own, and goes on: ${text}\n`);
}

/** How a local AWS is set up. */
export interface LocalAwsOptions {
  /** The roles that AssumeRole works for; it is refused for all others. */
  readonly roles: readonly AssumableRole[];
  /**
   * The ARNs of users, roles and accounts' roots that exist beside `roles`: policies may name them.
   * All others are made with IAM.
   *
   * @default - none
   */
  readonly principals?: readonly string[];
  readonly moto: MotoCommand;
  /**
   * Seconds until a changed bucket, key or topic policy is in effect.
   *
   * @default 0
   */
  readonly policyDelaySeconds?: number;
  /**
   * The port on 127.0.0.1.
   *
   * @default - a free one
   */
  readonly port?: number;
  /**
   * Told of each call as it is answered.
   *
   * @default - nobody is
   */
  readonly onCall?: (call: RecordedCall) => void;
  /**
   * Told of each record of a call, each account's copy, before any trail's selectors are looked at.
   *
   * @default - nobody is
   */
  readonly onRecord?: (record: CloudTrailRecord) => void;
  /**
   * Whether records tell callers of other accounts whose bucket denied them: "historic" as
   * CloudTrail once did.
   *
   * @default "current": they do not
   */
  readonly redaction?: Redaction;
  /**
   * An organization of some of the accounts.
   *
   * @default - no account is in one
   */
  readonly organization?: Organization;
  /**
   * CloudTrail's service principal, for partitions where AWS documents none.
   *
   * @default "cloudtrail.amazonaws.com"
   */
  readonly servicePrincipal?: string;
  /**
   * Regions that exist: a multi-region trail has digests of each, and of all that trails and calls
   * use.
   *
   * @default - us-east-1, us-west-2 and eu-west-1
   */
  readonly regions?: readonly string[];
  /**
   * The clock, milliseconds; the local AWS's own may be moved ahead of it.
   *
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * Told of each fault of the local AWS's own; it goes on.
   *
   * @default - standard error gets it
   */
  readonly onFault?: (error: unknown) => void;
}

/** A running local AWS. */
export interface LocalAws {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** Of an IAM user in {@link OPERATOR_ACCOUNT}. */
  readonly credentials: LongTermCredentials;
  /** All calls so far, in the order of their answers. */
  readonly calls: readonly RecordedCall[];
  /**
   * Gives a role of {@link LocalAwsOptions.roles} another identity policy, in effect at once.
   *
   * @throws Error where there is no such role
   */
  putRolePolicy(roleArn: string, policy: PolicyDocument): void;
  /**
   * Makes an event that no call makes: Insights, or network activity. The account's trails that ask
   * for such events get it with their next delivery.
   *
   * @returns its records: of Insights the beginning and the end
   */
  addEvent(event: AskedEvent): readonly CloudTrailRecord[];
  /** Its time, milliseconds. */
  now(): number;
  /**
   * Moves its time forward, and delivers what falls due: log files every 5 minutes, digests every
   * hour, in their order.
   *
   * @returns each attempt to deliver a file
   * @throws RangeError where the time would move back
   */
  advance(seconds: number): Promise<readonly DeliveryAttempt[]>;
  /** Ends the gateway and moto; all state is gone. */
  stop(): Promise<void>;
}

/**
 * Starts an AWS of several accounts on this machine: moto, and in front of it a gateway that is
 * CloudTrail, keeps the accounts apart, holds users of S3 and KMS to the policies and records every
 * call. It listens on loopback only and ends
 * with this process.
 *
 * @throws Error where moto does not start or the port is taken
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { policyDelaySeconds = 0, port = 0, onCall, regions = DEFAULT_REGIONS } = options;
  const { onFault = printFault } = options;
  const clock = new LabClock(options.now ?? Date.now);
  const { now } = clock;
  const roles = [...options.roles];
  const moto = await startMoto(options.moto);
  const clients = new AccountClients(moto.endpoint);
  const policies = new LivePolicies(clients, now, policyDelaySeconds * 1000);
  const surroundings = {
    clients,
    policies,
    access: new ServiceAccess(policies, options.organization, options.servicePrincipal),
  };
  const encryption = new ObjectEncryption(clients);
  const keys = new KmsKeys(clients, policies);
  const s3 = new S3Needs(policies, keys, encryption);
  const log = new CallLog(onCall);
  const iam = new MotoIam(moto.endpoint);
  const issued = new IssuedCredentials();
  const principals = new AccessKeys(moto.endpoint);
  const users = new UserPolicies(iam);
  const others = {
    accountIds: [OPERATOR_ACCOUNT, ...(options.organization?.accountIds ?? [])],
    arns: options.principals ?? [],
  };
  const existing = new ExistingPrincipals(roles, others, iam);
  const signingKeys = new SigningKeys(now);
  const delivery = new Delivery(
    clock,
    {
      bucket: new DeliveryBucket(
        clients,
        policies,
        surroundings.access,
        encryption,
        now,
        (object) => events.add(deliveryRecord(object)),
      ),
      notifier: new DeliveryNotifier(surroundings),
      signingKeys,
    },
    regions,
  );
  const eventHistory = new EventHistory(now);
  const events: EventSink = {
    add: (record) => {
      eventHistory.add(record);
      delivery.add(record);
      options.onRecord?.(record);
    },
  };
  const addEvent = (event: AskedEvent): readonly CloudTrailRecord[] => {
    const records = askedRecords(event, now(), randomUUID);
    for (const record of records) events.add(record);
    return records;
  };
  const timer = setInterval(() => void delivery.runDue().catch(onFault), REAL_TIME_RHYTHM).unref();
  const gateway = new Gateway({
    moto: moto.endpoint,
    roles,
    // By the computer's own clock: clients do not know the time that is moved ahead.
    authentication: new Authentication(issued, principals, Date.now),
    issued,
    principals,
    users,
    policies,
    putPolicies: new PutPolicies(existing),
    access: new UserAccess(policies, new Identities(roles, users), s3, keys, now),
    encryption,
    cloudTrail: new CloudTrailApi({
      trails: new Trails(),
      surroundings,
      delivery,
      eventHistory,
      signingKeys,
      now,
    }),
    accessLogging: new AccessLogging(clients, policies),
    events,
    redaction: options.redaction,
    lab: { calls: log.calls, now, advance: (time) => delivery.advance(time), addEvent },
    log,
    now,
    onFault,
  });
  try {
    const credentials = await createOperator(iam, OPERATOR_ACCOUNT);
    issued.add(credentials.accessKeyId, { secretAccessKey: credentials.secretAccessKey });
    const listening = await gateway.listen(port);
    return {
      endpoint: `http://127.0.0.1:${listening}`,
      credentials,
      calls: log.calls,
      addEvent,
      now,
      advance: (seconds) => delivery.advance(seconds * 1000),
      putRolePolicy: (roleArn, policy) => {
        const index = roles.findIndex((role) => role.roleArn === roleArn);
        if (index < 0) throw new Error(`The local AWS has no role ${roleArn}.`);
        roles[index] = { ...roles[index], roleArn, policy };
      },
      stop: async () => {
        clearInterval(timer);
        await gateway.close();
        clients.destroy();
        await moto.stop();
      },
    };
  } catch (error) {
    clearInterval(timer);
    clients.destroy();
    await moto.stop();
    throw error;
  }
}
