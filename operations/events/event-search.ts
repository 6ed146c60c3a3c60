import { mapInOrder } from "../../cloudtrail/at-once";
import { OwnerIndex } from "../../cloudtrail/records/bucket-owner";
import { Deduplicator } from "../../cloudtrail/records/deduplicator";
import {
  type LogProblem,
  type Prefilter,
  type RecordBatch,
  readRecords,
} from "../../cloudtrail/files/log-reader";
import { havingAll } from "../../cloudtrail/files/prefilter";
import { type RecordCriteria, recordFilter } from "../../cloudtrail/records/record-filter";
import type { FoundEvent } from "./found-event";
import { type LeftOut, LeftOutPlaces, noteOtherFolders } from "./left-out";
import { logFileKeys, type LogFileQuery } from "./log-files";
import {
  goneProblem,
  placeOf,
  readProblem,
  type ReadProblem,
  type ReadTarget,
} from "./read-problem";
import type { LogBucketReader } from "../../verify/log-bucket";

/** Files that are asked for while one is read. */
const FILES_AHEAD = 8;

/**
 * Problems of one cause that are reported one by one; of what could not be read at all, the first.
 */
const TOLD = { content: 10, read: 1 } as const;

/** Something that is wrong with a file or a folder of the log bucket. */
export type SearchProblem = LogProblem | ReadProblem;

/** Who follows a search. */
export interface SearchListener {
  /** What is being done. */
  status(text: string): void;
  /** Something is wrong: each once, but of many with one cause only the first. */
  problem(sentence: string): void;
}

/** Problems that were counted and not told. */
export interface UntoldProblems {
  readonly kind: SearchProblem["kind"];
  readonly count: number;
  /** The first of the cause, which was reported. */
  readonly first: string;
}

/** The log bucket to search. */
export interface SearchedBucket extends Pick<ReadTarget, "region" | "who"> {
  readonly bucket: LogBucketReader;
}

/** Finds records in a log bucket, file by file: none is held in memory whole. */
export class EventSearch {
  #files = 0;
  #forgotten = 0;
  readonly #problems: SearchProblem[] = [];
  readonly #known = new Set<string>();
  readonly #causes = new Map<string, { readonly first: SearchProblem; count: number }>();
  readonly #bucket: LogBucketReader;
  readonly #leftOut: LeftOutPlaces;

  constructor(
    private readonly searched: SearchedBucket,
    private readonly listener?: SearchListener,
  ) {
    this.#bucket = searched.bucket;
    this.#leftOut = new LeftOutPlaces(searched.bucket.name);
  }

  /** Log files that the last search has read so far. */
  get files(): number {
    return this.#files;
  }

  /** All that is wrong with files and folders. */
  get problems(): readonly SearchProblem[] {
    return this.#problems;
  }

  /** What was not looked into, and is not a problem. */
  get leftOut(): readonly LeftOut[] {
    return this.#leftOut.all;
  }

  /**
   * Looks for folders beside those of the accounts, whose logs are all that is searched.
   *
   * @param prefix the part of each key before `AWSLogs/`
   */
  async lookAround(accounts: readonly string[], prefix: string | undefined): Promise<void> {
    await noteOtherFolders(this.#bucket, prefix, accounts, this.#leftOut);
  }

  /** What the listener was not told one by one. */
  get untold(): readonly UntoldProblems[] {
    return [...this.#causes.values()].flatMap(({ first, count }) => {
      const untold = count - told(first);
      return untold > 0 ? [{ kind: first.kind, count: untold, first: first.file ?? "" }] : [];
    });
  }

  /** Events and buckets whose owners were too many to remember. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * The records that match, in the order of their files' delivery, each event once.
   *
   * @param ownersIn the files to look for bucket owners in, which are read before; without them no
   *   owner is resolved
   */
  async *find(
    files: LogFileQuery,
    criteria: RecordCriteria,
    ownersIn?: LogFileQuery,
  ): AsyncGenerator<readonly FoundEvent[], void> {
    const owners = ownersIn && (await this.#owners(ownersIn));
    this.#forgotten = owners?.forgotten ?? 0;
    this.#files = 0;
    const { matches, prefilter } = recordFilter(criteria);
    const deduplicator = new Deduplicator();
    for await (const { records, bytes } of this.#records(files, prefilter, "reading")) {
      const found = records
        .map((record, index) => ({ record, bytes: bytes[index]! }))
        .filter((one) => matches(one.record) && deduplicator.isNew(one.record, one.bytes));
      if (found.length > 0)
        yield found.map((event) => ({ ...event, owner: owners?.resolve(event.record) }));
    }
  }

  async #owners(files: LogFileQuery): Promise<OwnerIndex> {
    const owners = new OwnerIndex();
    // A record that names a bucket's owner has "arn:aws:s3:::…" or "AWS::S3::Bucket".
    const prefilter = havingAll(["3::"]);
    for await (const { records } of this.#records(files, prefilter, "looking for owners")) {
      for (const record of records) owners.add(record);
    }
    return owners;
  }

  async *#records(
    query: LogFileQuery,
    prefilter: Prefilter | undefined,
    what: string,
  ): AsyncGenerator<RecordBatch, void> {
    this.listener?.status("listing log files");
    const keys = logFileKeys(this.#bucket, query, {
      notListed: (folder, error) => this.#note(readProblem(error, this.#target(folder, "listing"))),
      leftOut: (key, reason) => this.#leftOut.add(key, reason),
    });
    const opened = mapInOrder(keys, FILES_AHEAD, async (key) => ({
      key,
      ...(await this.#open(key)),
    }));
    for await (const { key, body } of opened) {
      this.listener?.status(`${what}: file ${this.#files + 1}, ${key.split("/").at(-1)}`);
      if (body === undefined) continue;
      this.#files++;
      yield* this.#read(key, body, prefilter);
    }
  }

  /** What an object has; nothing where it cannot be had, which is noted. */
  async #open(key: string): Promise<{ readonly body?: AsyncIterable<Uint8Array> }> {
    const target = this.#target(key, "asking");
    try {
      const object = await this.#bucket.get(this.#bucket.name, key);
      if (object === undefined) this.#note(goneProblem(target));
      return { body: object?.body };
    } catch (error) {
      this.#note(readProblem(error, target));
      return {};
    }
  }

  async *#read(
    key: string,
    body: AsyncIterable<Uint8Array>,
    prefilter: Prefilter | undefined,
  ): AsyncGenerator<RecordBatch, void> {
    const target = this.#target(key, "reading");
    const batches = readRecords(body, { file: placeOf(target), prefilter });
    try {
      for (;;) {
        // Only what reading throws is a problem of the file, not what is done with the records.
        const next = await batches.next().catch((error: unknown) => {
          this.#note(readProblem(error, target));
          return { done: true, value: undefined } as const;
        });
        if (next.done) return;
        for (const problem of next.value.problems) this.#note(problem);
        yield next.value;
      }
    } finally {
      await batches.return();
    }
  }

  #target(key: string, doing: ReadTarget["doing"]): ReadTarget {
    const { region, who } = this.searched;
    return { bucket: this.#bucket.name, key, doing, region, who };
  }

  /** Takes what was found wrong before the search. */
  note(problems: readonly SearchProblem[]): void {
    for (const problem of problems) this.#note(problem);
  }

  /** Once, though a file may be read twice. */
  #note(problem: SearchProblem): void {
    const id = JSON.stringify([problem.file, problem.kind, "offset" in problem && problem.offset]);
    if (this.#known.has(id)) return;
    this.#known.add(id);
    this.#problems.push(problem);
    const cause = `${problem.kind} ${"about" in problem ? problem.about : ""}`;
    const known = this.#causes.get(cause) ?? { first: problem, count: 0 };
    known.count++;
    this.#causes.set(cause, known);
    if (known.count <= told(problem)) this.listener?.problem(sentenceOf(problem));
  }
}

/** How many problems of its cause are reported one by one. */
function told(problem: SearchProblem): number {
  return "offset" in problem ? TOLD.content : TOLD.read;
}

function sentenceOf(problem: SearchProblem): string {
  const { file = "", what, how } = problem;
  const record = "index" in problem ? `record ${problem.index}, ` : "";
  const place = "offset" in problem ? `: ${record}byte ${problem.offset}` : "";
  const command = "command" in problem ? ` ${problem.command}` : "";
  return `${file}${place}: ${what} ${how}${command}`;
}
