import type { ValidationRequest } from "../../cloudtrail/digests/log-validation";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { MemorySource } from "./delivered-trail";
import { PythonLines } from "./python-lines";

/** What `aws cloudtrail validate-logs --verbose` said. */
export interface CliVerdict {
  /** Each reason and its file, as from `Digest file s3://bucket/key INVALID: reason`. */
  readonly invalid: readonly (readonly [reason: string, key: string])[];
  /** The files that it called valid. */
  readonly valid: readonly string[];
  /** The summary's numbers, as from `5/6 digest files valid`, by the kind of file. */
  readonly ratios: Readonly<Record<string, readonly [valid: number, total: number]>>;
  /** The time that it found valid digests for. */
  readonly found?: { readonly from: string; readonly to: string };
}

type Line = { readonly stdout: string; readonly stderr: string } | { readonly failure: string };

/** The AWS CLI's own validation in a Python process, on objects in memory. */
export class ValidateLogs {
  readonly #python = new PythonLines<Line>("validate_logs.py");

  /** @throws Error where the command itself failed */
  async run(request: ValidationRequest, source: MemorySource): Promise<CliVerdict> {
    const objects = [...source.objects].map(([name, { body, metadata }]) => [
      name,
      { body: body.toString("base64"), metadata },
    ]);
    const call = {
      trailArn: trailArn(request.trail),
      region: request.region,
      bucket: request.s3BucketName,
      prefix: request.s3KeyPrefix,
      from: request.from,
      to: request.to,
      publicKeys: source.keys.listPublicKeys(request.region, 0, 4e9).PublicKeyList,
      objects: Object.fromEntries(objects) as unknown,
    };
    const line = await this.#python.ask(call);
    if ("failure" in line) throw new Error(line.failure);
    const { stdout, stderr } = line;
    const files = (text: string): [reason: string, key: string][] =>
      [
        ...text.matchAll(
          /^(?:\(backfill\) )?(?:Digest|Log) file\ts3:\/\/[^/]+\/(.*)\t(?:INVALID: (.*)|valid)$/gm,
        ),
      ].map(([, key, reason]) => [reason ?? "", key!]);
    const ratios = [...stdout.matchAll(/^(\d+)\/(\d+) (.*?) files valid/gm)];
    const found = /^Results found for (\S+) to (\S+):$/m.exec(stdout);
    return {
      invalid: files(stderr),
      valid: files(stdout).map(([, key]) => key),
      ratios: Object.fromEntries(
        ratios.map(([, valid, total, kind]) => [kind!, [Number(valid), Number(total)]]),
      ),
      ...(found ? { found: { from: found[1]!, to: found[2]! } } : {}),
    };
  }

  stop(): Promise<void> {
    return this.#python.stop();
  }
}
