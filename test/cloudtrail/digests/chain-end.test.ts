import { isFault, validateLogFiles } from "../../../cloudtrail/digests/log-validation";
import { FIRST_END, HOUR, sixHours, timeText } from "../../support/delivered-trail";

// Making RSA keys can take a second each on a busy machine.
jest.setTimeout(30_000);

/**
 * The faults of the time from the start of the fourth of six digests, without one of the digests.
 */
async function faultsWithout(index: number): Promise<string[]> {
  const trail = sixHours();
  const key = trail.keysOfDigests[index]!;
  trail.source.delete(key);
  const request = trail.request({ from: timeText(FIRST_END + 2 * HOUR) });
  const faults: string[] = [];
  for await (const finding of validateLogFiles(request, trail.source))
    if (isFault(finding)) faults.push(`${finding.kind} ${finding.key === key}`);
  return faults;
}

describe("a chain is followed", () => {
  test("to the digest that ends when the time asked for begins, as the AWS CLI does", async () => {
    expect(await faultsWithout(2)).toEqual(["digest-missing true"]);
  });

  test("no further", async () => {
    expect(await faultsWithout(1)).toEqual([]);
  });
});
