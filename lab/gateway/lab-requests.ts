/**
 * Requests to the local AWS about itself. S3 allows no bucket of the name that their paths begin
 * with.
 */
import type { RecordedCall } from "./calls";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import type { DeliveryAttempt } from "../cloudtrail/delivery-region";
import { ASKED_KINDS, type AskedEvent, askedEvent, type AskedKind } from "../records/asked-events";

/** What all paths of these requests begin with. */
export const LAB_PATH = "/_lab/";

/** Where other processes read the recorded calls, as JSON lines. */
export const CALLS_PATH = `${LAB_PATH}calls`;

/**
 * Where they read the time with GET, and move it forward with `POST …?advance=1h`; answers are
 * JSON.
 */
export const TIME_PATH = `${LAB_PATH}time`;

/**
 * Where they ask for events that no call makes: `POST
 * …events/insight?account=…&event=ssm:PutParameter`, and the same with `network-activity`.
 */
export const EVENTS_PATH = `${LAB_PATH}events/`;

/** The region of events that are asked for without one. */
const EVENTS_REGION = "us-east-1";

/** The local AWS, as such requests see it. */
export interface LabState {
  readonly calls: readonly RecordedCall[];
  /** Milliseconds. */
  readonly now: () => number;
  /** Moves the time forward by milliseconds and makes the deliveries that fall due. */
  advance(time: number): Promise<readonly DeliveryAttempt[]>;
  /** Makes an event that no call makes. */
  addEvent(event: AskedEvent): readonly CloudTrailRecord[];
}

/** An answer, ready to send. */
export interface LabAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Answers a request whose path begins with {@link LAB_PATH}. */
export async function answerLabRequest(
  method: string,
  target: string,
  lab: LabState,
): Promise<LabAnswer> {
  const { pathname, searchParams } = new URL(target, "http://localhost");
  const kind = ASKED_KINDS.find((one) => pathname === EVENTS_PATH + one);
  if (method === "POST" && kind !== undefined) return addedEvent(kind, searchParams, lab);
  switch (`${method} ${pathname}`) {
    case `GET ${CALLS_PATH}`:
      return {
        status: 200,
        contentType: "application/x-ndjson",
        body: lab.calls.map((call) => `${JSON.stringify(call)}\n`).join(""),
      };
    case `GET ${TIME_PATH}`:
      return json(200, { now: isoTime(lab) });
    case `POST ${TIME_PATH}`: {
      const text = searchParams.get("advance") ?? "";
      const time = parseDuration(text);
      if (time === undefined)
        return json(400, {
          error: `advance=${text} is not a time to move forward by; give a number with s, m, h or d, such as 90m. Time does not move back.`,
        });
      if (lab.now() + time > LAST_TIME)
        return json(400, {
          error: `advance=${text} would take the time beyond ${new Date(LAST_TIME).toISOString()}, where the local AWS's time ends.`,
        });
      try {
        const deliveries = await lab.advance(time);
        return json(200, { now: isoTime(lab), deliveries });
      } catch (error) {
        return json(500, { error: `The local AWS failed: ${String(error)}` });
      }
    }
    default:
      return json(404, {
        error: `There is no ${method} ${pathname}; there are GET ${CALLS_PATH}, GET ${TIME_PATH}, POST ${TIME_PATH}?advance=1h and, of ${ASKED_KINDS.join(" and ")}, POST ${EVENTS_PATH}${ASKED_KINDS[0]}?account=111111111111&event=kms:Decrypt.`,
      });
  }
}

function addedEvent(kind: AskedKind, parameters: URLSearchParams, lab: LabState): LabAnswer {
  const asked = askedEvent(kind, parameters, EVENTS_REGION);
  return "kind" in asked
    ? json(200, { records: lab.addEvent(asked) })
    : json(400, { error: asked.join(" ") });
}

/** A year behind which times are not written with four digits. */
const LAST_TIME = Date.UTC(9999, 0);

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
};

/** `90s`, `5m`, `1h`, `2d` as milliseconds; undefined for anything else. */
function parseDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * UNITS[unit]!;
}

function isoTime({ now }: LabState): string {
  return new Date(now()).toISOString();
}

function json(status: number, content: object): LabAnswer {
  return { status, contentType: "application/json", body: `${JSON.stringify(content)}\n` };
}
