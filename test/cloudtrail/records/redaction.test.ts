import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import {
  type CrossAccountCall,
  ownerIsRedacted,
  redacted,
} from "../../../cloudtrail/records/redaction";
import current from "../../fixtures/redaction-current.json";
import historic from "../../fixtures/redaction-historic.json";
import { REDACTION_CASES } from "../../support/redaction-cases";

describe("AWS's two snippets come from one event", () => {
  const call: CrossAccountCall = {
    callerAccountId: "222222222222",
    bucketOwnerAccountId: "123456789012",
    errorCode: "AccessDenied",
  };
  const event: CloudTrailRecord = {
    eventName: "ListObjects",
    resources: [
      { type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::test-my-bucket-2/" },
      {
        type: "AWS::S3::Bucket",
        ARN: "arn:aws:s3:::test-my-bucket-2",
        accountId: call.bucketOwnerAccountId,
      },
    ],
  };
  const resourcesOf = (record: CloudTrailRecord): unknown => ({ resources: record.resources });

  test("historic: without redaction", () => {
    expect(resourcesOf(event)).toEqual(historic);
  });

  test("current: with redaction", () => {
    expect(ownerIsRedacted(call)).toBe(true);
    expect(resourcesOf(redacted(event))).toEqual(current);
  });

  test("nothing else of the event changes, and the event itself does not", () => {
    const before = structuredClone(event);
    expect({ ...redacted(event), resources: [] }).toEqual({ ...event, resources: [] });
    expect(event).toEqual(before);
  });
});

test.each(REDACTION_CASES.map((one) => [one.name, one] as const))("%s", (_, { call, redacted }) => {
  expect(ownerIsRedacted(call)).toBe(redacted);
});

test("docs/records.md has the cases as they are here", () => {
  const page = readFileSync(join(__dirname, "../../../docs/records.md"), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => /\| (yes|no) +\|/.test(line))
    .map((line) =>
      line
        .replace(/^\| | \|$/g, "")
        .replace(/\s+\|\s+/g, " | ")
        .trim(),
    );
  expect(rows).toEqual(
    REDACTION_CASES.map(({ name, redacted, basis, reason }) =>
      [name, redacted ? "yes" : "no", basis, reason].join(" | "),
    ),
  );
});

describe("for any call", () => {
  const accountId = fc.constantFrom("111111111111", "222222222222", "333333333333");
  const call: fc.Arbitrary<CrossAccountCall> = fc.record(
    {
      callerAccountId: accountId,
      bucketOwnerAccountId: accountId,
      objectOwnerAccountId: accountId,
      errorCode: fc.constantFrom("AccessDenied", "NoSuchKey", "VpceAccessDenied", "accessdenied"),
      deniedBy: fc.constantFrom(...(["bucket-policy", "caller-policy", "key-policy"] as const)),
    },
    { requiredKeys: ["callerAccountId", "bucketOwnerAccountId"] },
  );

  test("the owner is hidden from other accounts that are refused, and from nobody else", () => {
    fc.assert(
      fc.property(call, (one) => {
        const stranger = one.callerAccountId !== one.bucketOwnerAccountId;
        expect(ownerIsRedacted(one)).toBe(stranger && one.errorCode === "AccessDenied");
      }),
    );
  });

  test("who refused, and who owns the object, does not count", () => {
    fc.assert(
      fc.property(call, call, (one, { deniedBy, objectOwnerAccountId }) => {
        expect(ownerIsRedacted({ ...one, deniedBy, objectOwnerAccountId })).toBe(
          ownerIsRedacted(one),
        );
      }),
    );
  });

  test("a redacted record names no bucket owner, keeps all else, and stays so", () => {
    const resource = fc.record(
      {
        type: fc.constantFrom("AWS::S3::Bucket", "AWS::S3::Object", "AWS::KMS::Key"),
        ARN: fc.string(),
        ARNPrefix: fc.string(),
        accountId: accountId,
      },
      { requiredKeys: [] },
    );
    const record = fc.record(
      {
        eventID: fc.uuid(),
        resources: fc.array(fc.oneof(resource, fc.constant(null as never))),
      },
      { requiredKeys: ["eventID"] },
    );
    fc.assert(
      fc.property(record, (one) => {
        const result = redacted(one);
        const resources = result.resources ?? [];
        expect(resources.length).toBe(one.resources?.length ?? 0);
        resources.forEach((after, index) => {
          const before = one.resources![index]!;
          if (before?.type === "AWS::S3::Bucket") {
            expect(after).toEqual({ ...before, accountId: "" });
          } else expect(after).toBe(before);
        });
        expect(redacted(result)).toEqual(result);
      }),
    );
  });
});
