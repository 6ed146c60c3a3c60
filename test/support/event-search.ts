import { join } from "node:path";
import { Writable } from "node:stream";
import { requireEnvironment } from "../../envs/load";
import { EventOutput } from "../../operations/events/event-output";
import { type EventsOptions, findEvents } from "../../operations/events/events";
import type { LoopbackS3 } from "./loopback-s3";
import { REPOSITORY } from "./repository";

/** The log bucket of the environment that is searched. */
export const SEARCHED_BUCKET = "central-trail-local-logs";

/** What a search printed, and its exit code. */
export interface Searched {
  readonly code: number;
  /** Standard error, a text for each write. */
  readonly said: readonly string[];
  readonly stdout: string;
}

/** How `central-trail events` is asked, at a time in milliseconds. */
export interface Search extends Partial<EventsOptions> {
  readonly output: EventsOptions["output"];
  readonly now: number;
}

/**
 * `central-trail events` of the environment `local`, with its log bucket in a loopback S3. Standard
 * error is mocked until the test restores it.
 */
export async function searchEvents(s3: LoopbackS3, { now, ...options }: Search): Promise<Searched> {
  let stdout = "";
  const stream = new Writable({
    write(chunk: Buffer, _, callback) {
      stdout += chunk.toString();
      callback();
    },
  });
  const said: string[] = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const environment = requireEnvironment(join(REPOSITORY, "envs"), "local");
  const access = {
    endpoint: s3.endpoint,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const all = { env: "local", late: 3600, json: false, ...options };
  const events = new EventOutput(all.output, false, stream as unknown as NodeJS.WriteStream);
  const code = await findEvents(environment, access, all, events, now);
  return { code, said, stdout };
}
