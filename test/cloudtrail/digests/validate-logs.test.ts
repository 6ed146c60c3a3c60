import {
  type Count,
  isFault,
  validateLogFiles,
  ValidationSummary,
} from "../../../cloudtrail/digests/log-validation";
import { FIRST_END, HOUR, sixHours } from "../../support/delivered-trail";
import { requires } from "../../support/requirements";
import { ValidateLogs } from "../../support/validate-logs";
import { TAMPERINGS } from "./tampering";

// Python and the AWS CLI take seconds to start on a busy machine.
jest.setTimeout(60_000);

requires("aws-cli")("the AWS CLI's own validation, on digests that we wrote", () => {
  let cli: ValidateLogs;
  beforeAll(() => {
    cli = new ValidateLogs();
  });
  afterAll(() => cli.stop());

  test.each(TAMPERINGS)("$name", async ({ make }) => {
    const { trail, cli: expected, request } = make();
    const verdict = await cli.run(trail.request(request), trail.source);
    expect([...verdict.invalid].sort()).toEqual(expected.map((line) => [...line]).sort());
  });

  test.each([
    "nothing",
    "a digest deleted",
    "a log file changed",
    "a backfill digest deleted that another names",
  ])("ends with the same numbers as our summary: %s", async (name) => {
    const { trail } = TAMPERINGS.find((tampering) => tampering.name === name)!.make();
    const request = trail.request({ from: "2026-01-31T20:30:00Z", to: "2026-02-01T02:10:00Z" });
    const summary = new ValidationSummary(request);
    for await (const finding of validateLogFiles(request, trail.source)) summary.add(finding);
    const { ratios, found } = await cli.run(request, trail.source);
    const ratio = ({ valid, invalid }: Count): [number, number] => [valid, valid + invalid];
    expect({ "backfill digest": [0, 0], ...ratios }).toEqual({
      digest: ratio(summary.digests),
      log: ratio(summary.logs),
      "backfill digest": ratio(summary.backfillDigests),
    });
    expect(ratios.digest![1]).toBe(6);
    expect(summary.found).toEqual(found);
  });

  test("finds valid what we find valid, whatever part of the time is asked for", async () => {
    const trail = sixHours();
    for (const [from, to] of [
      [-1, 5],
      [-0.5, 5],
      [0, 0],
      [1.5, 2.5],
      [2, 3],
      [3.2, 3.4],
      [-40, 30],
      [5, 5],
      [5.5, 7],
    ] as const) {
      const at = (hours: number): string =>
        new Date(FIRST_END + hours * HOUR).toISOString().replace(".000Z", "Z");
      const request = trail.request({ from: at(from), to: at(to) });
      const verdict = await cli.run(request, trail.source);
      const ours: string[] = [];
      for await (const finding of validateLogFiles(request, trail.source)) {
        if (!isFault(finding)) ours.push(finding.key);
        else expect(finding.kind).toBe("no-digests");
      }
      expect([from, to, ours]).toEqual([from, to, verdict.valid]);
      expect(verdict.invalid).toEqual([]);
    }
  });
});
