import { recordsObjects, secondCopyWarning } from "../../cloudtrail/selection/event-problems";
import { eventSelection, type EventSettings } from "../../cloudtrail/selection/event-settings";
import type { EventSelection } from "../../cloudtrail/selection/event-selectors";
import { eventContext } from "../trails";
import type { Account, Environment } from "../types";

/** What costs extra without need: sentences, none where nothing does. */
export function billingWarnings(environment: Environment): string[] {
  return logging(environment).flatMap((account) => {
    const warning = secondCopyWarning(account.trail.events, eventContext(environment, account));
    return warning === undefined ? [] : [warning];
  });
}

/**
 * Where a denied call would leave only the caller's copy, from which CloudTrail removes who owns
 * the bucket: sentences, none where each such call has its owner's copy too.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export function redactionWarnings(environment: Environment): string[] {
  const trails = logging(environment).map((account) => ({
    account,
    selection:
      account.trail.events &&
      eventSelection(account.trail.events, eventContext(environment, account)),
  }));
  const records = ({ selection }: TrailSelection, bucket: string, access: "read" | "write") =>
    recordsObjects(selection, environment.partition, bucket, access);
  return [...allBuckets(trails, records), ...namedBuckets(trails, records)];
}

interface TrailSelection {
  readonly account: Account;
  readonly selection: EventSelection | undefined;
}

type Records = (trail: TrailSelection, bucket: string, access: "read" | "write") => boolean;

const ACCESS = ["read", "write"] as const;

/** A bucket that nobody names: who records it records every bucket. */
const ANY_BUCKET = "any-bucket-at-all";

function allBuckets(trails: readonly TrailSelection[], records: Records): string[] {
  return ACCESS.flatMap((access) => {
    const callers = trails.filter((trail) => records(trail, ANY_BUCKET, access));
    const owners = trails.filter((trail) => !callers.includes(trail));
    return callers.length === 0 || owners.length === 0
      ? []
      : [
          `Object-level ${access} events of every S3 bucket are recorded for ${named(callers)}, not for ${named(owners)}: of a call from the first that is denied in a bucket of the second, only the caller's redacted copy will exist. ` +
            "To have the owner's too, record them for all accounts.",
        ];
  });
}

function namedBuckets(trails: readonly TrailSelection[], records: Records): string[] {
  const owners = new Map<string, string | undefined>();
  for (const { account } of trails) {
    for (const { name, owner } of bucketsOf(account.trail.events)) {
      owners.set(name, owner ?? owners.get(name));
    }
  }
  return [...owners].flatMap(([bucket, ownerId]) => {
    const owner = trails.find(({ account }) => account.account === ownerId);
    const callers = trails.filter(
      (trail) =>
        bucketsOf(trail.account.trail.events).some(({ name }) => name === bucket) &&
        ACCESS.some(
          (access) =>
            records(trail, bucket, access) &&
            (owner === undefined || !records(owner, bucket, access)),
        ),
    );
    return callers.length === 0 ? [] : [redactedOnly(bucket, ownerId, owner, callers)];
  });
}

function redactedOnly(
  bucket: string,
  ownerId: string | undefined,
  owner: TrailSelection | undefined,
  callers: readonly TrailSelection[],
): string {
  const who = `Object-level events of bucket ${bucket} are recorded for ${named(callers)}`;
  if (ownerId === undefined)
    return `${who}, and its owner is unknown here. If that is another account whose trail does not record it, only redacted copies of denied calls will exist. To have this checked, write owner: "<account>".`;
  return owner === undefined
    ? `${who}, whose owner ${ownerId} has no trail in this environment: unless another trail of that account records it, only redacted copies of denied calls will exist.`
    : `${who}, and the trail of its owner ${ownerId} does not record the same: only redacted copies of denied calls will exist. Add the bucket to that account's trail.events.`;
}

function bucketsOf(events: EventSettings | undefined): NonNullable<EventSettings["s3Buckets"]> {
  return events?.s3Buckets ?? [];
}

/** Every account that has a trail. */
function logging({ destination, members }: Environment): readonly Account[] {
  return [destination, ...members.filter(({ retiring }) => !retiring)];
}

/** A few accounts by their IDs, and how many more. */
function named(trails: readonly TrailSelection[]): string {
  const ids = trails.map(({ account }) => account.account);
  const shown = ids.slice(0, 5).join(", ");
  const rest = ids.length - 5;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
