import { mapInOrder } from "../cloudtrail/at-once";
import { OwnerIndex } from "../cloudtrail/bucket-owner";
import { Deduplicator } from "../cloudtrail/deduplicator";
import {
  type LogProblem,
  type Prefilter,
  type RecordBatch,
  readRecords,
} from "../cloudtrail/log-reader";
import { havingAll } from "../cloudtrail/prefilter";
import { type RecordCriteria, recordFilter } from "../cloudtrail/record-filter";
import type { FoundEvent } from "./event-output";
import { logFileKeys, type LogFileQuery } from "./log-files";
import type { LogBucket } from "./verify/log-bucket";

/** Files that are asked for while one is read. */
const FILES_AHEAD = 8;

/** Who follows a search. */
export interface SearchListener {
  /** What is being done. */
  status(text: string): void;
  /** Something is wrong with a file; each is told once. */
  problem(problem: LogProblem, place: string): void;
}

/** Finds records in a log bucket, file by file: none is held in memory whole. */
export class EventSearch {
  #files = 0;
  #forgotten = 0;
  readonly #problems: LogProblem[] = [];
  readonly #told = new Set<string>();

  constructor(
    private readonly bucket: LogBucket,
    private readonly listener?: SearchListener,
  ) {}

  /** Log files that the last search has read so far. */
  get files(): number {
    return this.#files;
  }

  /** All that is wrong with the files. */
  get problems(): readonly LogProblem[] {
    return this.#problems;
  }

  /** Events and buckets whose owners were too many to remember. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * The records that match, in the order of their files' delivery, each event once.
   *
   * @param ownersIn the files to look for bucket owners in, which are read before; without them no owner is resolved
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
    for await (const { records } of this.#records(files, prefilter, "reading")) {
      const found = records.filter((record) => matches(record) && deduplicator.isNew(record));
      if (found.length > 0)
        yield found.map((record) => ({ record, owner: owners?.resolve(record) }));
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
    const { name } = this.bucket;
    this.listener?.status("listing log files");
    const opened = mapInOrder(logFileKeys(this.bucket, query), FILES_AHEAD, async (key) => ({
      key,
      object: await this.bucket.get(name, key),
    }));
    for await (const { key, object } of opened) {
      this.#files++;
      this.listener?.status(`${what}: file ${this.#files}, ${key.split("/").at(-1)}`);
      const file = `s3://${name}/${key}`;
      // A lifecycle rule may have removed it since it was listed.
      if (object === undefined) continue;
      for await (const batch of readRecords(object.body, { file, prefilter })) {
        this.#note(batch.problems);
        yield batch;
      }
    }
  }

  /** Once, though a file may be read twice. */
  #note(problems: readonly LogProblem[]): void {
    for (const problem of problems) {
      const { file = "", offset, index } = problem;
      const place = `${file}: ${index === undefined ? "" : `record ${index}, `}byte ${offset}`;
      if (this.#told.has(place)) continue;
      this.#told.add(place);
      this.#problems.push(problem);
      this.listener?.problem(problem, place);
    }
  }
}
