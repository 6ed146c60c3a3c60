import fc from "fast-check";
import { nestedParameters, recordedMembers } from "../../../lab/records/recorded-members";

describe("members in CloudTrail's spelling", () => {
  test("begin in lower case at every depth, but for the keys of maps", () => {
    expect(
      recordedMembers({
        S3BucketName: "b",
        KeyMetadata: { AWSAccountId: "1" },
        Tags: [{ TagKey: "K", TagValue: "V" }],
        EncryptionContext: { Department: "D" },
      }),
    ).toEqual({
      s3BucketName: "b",
      keyMetadata: { aWSAccountId: "1" },
      tags: [{ tagKey: "K", tagValue: "V" }],
      encryptionContext: { Department: "D" },
    });
  });

  test("are null where there are none, and leave out what is null", () => {
    expect(recordedMembers({})).toBeNull();
    expect(recordedMembers({ KeyUsage: null, Policy: undefined })).toBeNull();
  });

  test("have times as AWS writes them, if they are any", () => {
    const CreationDate = Date.parse("2020-06-30T02:34:07Z") / 1000;
    expect(recordedMembers({ CreationDate, EndTime: 1e300 })).toEqual({
      creationDate: "Jun 30, 2020, 2:34:07 AM",
      endTime: 1e300,
    });
  });

  test("keep secrets out, however deep", () => {
    const secrets = { SecretAccessKey: "s", Plaintext: "s", CiphertextBlob: "s", Password: "s" };
    expect(recordedMembers({ ...secrets, AccessKey: { AccessKeyId: "AKIA", ...secrets } })).toEqual(
      {
        accessKey: { accessKeyId: "AKIA" },
      },
    );
    expect(recordedMembers({ List: [secrets] })).toEqual({ list: [{}] });
  });
});

describe("parameters of the query protocol", () => {
  test("come in the order of their numbers", () => {
    const flat = { "L.member.10": "ten", "L.member.2": "two", "L.member.1": "one" };
    expect(nestedParameters(flat)).toEqual({ L: ["one", "two", "ten"] });
  });

  test("any names and values are recorded somehow", () => {
    const step = fc.constantFrom("member", "entry", "1", "2", "key", "value", "__proto__", "a", "");
    const name = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join("."));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (entries) => {
        const recorded = recordedMembers(nestedParameters(Object.fromEntries(entries)));
        expect(() => JSON.stringify(recorded)).not.toThrow();
        expect(Object.getPrototypeOf(recorded ?? {})).toBe(Object.prototype);
      }),
    );
  });
});
