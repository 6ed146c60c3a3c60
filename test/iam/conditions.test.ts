import { PolicyError } from "../../iam/policy-error";
import { conditionHolds } from "./requests";

const ARN = "arn:aws:sns:us-west-2:123456789012:TOPIC-ID";
const TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/central";

/**
 * operator, the policy's value or values, the request's value (undefined: missing), whether it
 * holds
 */
const CASES: [string, string | string[], string | string[] | undefined, boolean][] = [
  ["StringEquals", "a", "a", true],
  ["StringEquals", "a", "A", false],
  ["StringEquals", ["a", "b"], "b", true],
  ["StringEquals", "a", undefined, false],
  ["StringEquals", "a*", "ab", false],
  ["StringEquals", "a*", "a*", true],
  ["StringNotEquals", "a", "b", true],
  ["StringNotEquals", "a", "a", false],
  ["StringNotEquals", ["a", "b"], "b", false],
  ["StringNotEquals", ["a", "b"], "c", true],
  ["StringNotEquals", "a", undefined, true],
  ["StringEqualsIgnoreCase", "Ab", "aB", true],
  ["StringEqualsIgnoreCase", "Ab", "aC", false],
  ["StringEqualsIgnoreCase", "Ab", undefined, false],
  ["StringNotEqualsIgnoreCase", "Ab", "aB", false],
  ["StringNotEqualsIgnoreCase", "Ab", "aC", true],
  ["StringNotEqualsIgnoreCase", "Ab", undefined, true],
  ["StringLike", "home/*", "home/", true],
  ["StringLike", "home/*", "home/a/b", true],
  ["StringLike", "home/*", "Home/a", false],
  ["StringLike", "t?.micro", "t1.micro", true],
  ["StringLike", "t?.micro", "t.micro", false],
  ["StringLike", "", "", true],
  ["StringLike", "*", undefined, false],
  ["StringNotLike", ["a*", "b*"], "bc", false],
  ["StringNotLike", ["a*", "b*"], "cc", true],
  ["StringNotLike", "a*", undefined, true],
  ["ArnEquals", ARN, ARN, true],
  ["ArnEquals", "arn:aws:sns:*:123456789012:TOPIC-ID", ARN, true],
  ["ArnEquals", ARN, "arn:aws:sns:us-west-2:777788889999:TOPIC-ID", false],
  ["ArnEquals", ARN, undefined, false],
  ["ArnLike", "arn:aws:cloudtrail:*:111111111111:trail/*", TRAIL, true],
  ["ArnLike", "arn:aws:cloudtrail:*:111111111111:trail/*", TRAIL.replace("1111", "2222"), false],
  ["ArnLike", "arn:aws:cloudtrail:us-east-?:*:trail/central", TRAIL, true],
  // Each of the six parts by itself: a wildcard does not reach over a colon, but the last part may
  // hold colons.
  [
    "ArnLike",
    "arn:aws:*:111111111111:trail/central:x",
    "arn:aws:cloudtrail:us-east-1:111111111111:trail/central:x",
    false,
  ],
  [
    "ArnLike",
    "arn:aws:logs:*:*:log-group:*",
    "arn:aws:logs:us-east-1:111111111111:log-group:a:b",
    true,
  ],
  ["ArnLike", "arn:aws:iam::*:role/*", "not an arn", false],
  ["ArnNotEquals", ARN, ARN, false],
  ["ArnNotEquals", "arn:aws:sns:*:*:*", ARN, false],
  ["ArnNotEquals", ARN, TRAIL, true],
  ["ArnNotEquals", ARN, undefined, true],
  ["ArnNotLike", ["arn:aws:sns:*:*:*", "arn:aws:sqs:*:*:*"], ARN, false],
  ["ArnNotLike", ["arn:aws:sns:*:*:*", "arn:aws:sqs:*:*:*"], TRAIL, true],
  ["ArnNotLike", "arn:aws:sns:*:*:*", undefined, true],
  ["Bool", "false", "false", true],
  ["Bool", "false", "true", false],
  ["Bool", "True", "true", true],
  ["Bool", "false", undefined, false],
  ["Null", "true", undefined, true],
  ["Null", "true", "x", false],
  ["Null", "true", "", false],
  ["Null", "false", "x", true],
  ["Null", "false", undefined, false],
  ["Null", "true", [], true],
  ["Null", "false", ["x"], true],
  ["NumericEquals", "10", "10.0", true],
  ["NumericEquals", "10", "11", false],
  ["NumericEquals", "10", undefined, false],
  ["NumericNotEquals", "10", "11", true],
  ["NumericNotEquals", ["10", "11"], "11", false],
  ["NumericNotEquals", "10", undefined, true],
  ["NumericLessThan", "10", "9.5", true],
  ["NumericLessThan", "10", "10", false],
  ["NumericLessThan", "10", "9", true],
  ["NumericLessThanEquals", "10", "10", true],
  ["NumericLessThanEquals", "10", "11", false],
  ["NumericGreaterThan", "10", "100", true],
  ["NumericGreaterThan", "10", "10", false],
  ["NumericGreaterThan", "-1", "0", true],
  ["NumericGreaterThanEquals", "10", "10", true],
  ["NumericGreaterThanEquals", "10", "9", false],
  ["DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", true],
  ["DateEquals", "2020-01-01T00:00:00Z", "1577836800", true],
  ["DateEquals", "2020", "2020-01-01", true],
  ["DateEquals", "2020", undefined, false],
  ["DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", true],
  ["DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z", false],
  ["DateNotEquals", "2020", undefined, true],
  ["DateEquals", "2024-02-29", "2024-02-29T00:00:00Z", true],
  ["DateEquals", "2000-02-29", "2000-02-29T00:00:00Z", true],
  ["DateEquals", "2026-12-31T23:59:59.5+23:59", "2026-12-31T00:00:59.5Z", true],
  ["DateLessThan", "2020-01-01", "2019-12-31T23:59:59Z", true],
  ["DateLessThan", "2020-01-01", "2020-01-01T00:00:00Z", false],
  ["DateLessThanEquals", "2020-01-01", "2020-01-01T00:00:00Z", true],
  ["DateLessThanEquals", "2020-01-01", "2020-01-02", false],
  ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", true],
  ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", false],
  ["DateGreaterThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", true],
  ["DateGreaterThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:00Z", false],
  ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true],
  ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "ASIAIOSFODNN7EXAMPLE", false],
  ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", undefined, false],
  ["IpAddress", "203.0.113.0/24", "203.0.113.1", true],
  ["IpAddress", "203.0.113.0/24", "198.51.100.1", false],
  ["IpAddress", "203.0.113.7", "203.0.113.7", true],
  ["IpAddress", "203.0.113.7", "203.0.113.8", false],
  ["IpAddress", "0.0.0.0/0", "8.8.8.8", true],
  ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", true],
  ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5679::1", false],
  ["IpAddress", "::/0", "8.8.8.8", false],
  ["IpAddress", "203.0.113.0/24", undefined, false],
  ["NotIpAddress", ["203.0.113.0/24", "198.51.100.0/24"], "198.51.100.1", false],
  ["NotIpAddress", ["203.0.113.0/24", "198.51.100.0/24"], "8.8.8.8", true],
  ["NotIpAddress", "203.0.113.0/24", undefined, true],
  ["StringLikeIfExists", ["t1.*", "t2.*"], "t1.micro", true],
  ["StringLikeIfExists", ["t1.*", "t2.*"], "m2.micro", false],
  ["StringLikeIfExists", ["t1.*", "t2.*"], undefined, true],
  ["StringNotEqualsIfExists", "a", undefined, true],
  ["StringNotEqualsIfExists", "a", "a", false],
  ["BoolIfExists", "true", undefined, true],
  ["BoolIfExists", "true", "false", false],
  ["ArnLikeIfExists", "arn:aws:iam::*:role/x", undefined, true],
  ["NumericLessThanIfExists", "5", undefined, true],
  ["DateLessThanIfExists", "2020", undefined, true],
  ["IpAddressIfExists", "203.0.113.0/24", undefined, true],
  ["ForAllValues:StringEquals", ["environment", "cost-center"], ["environment"], true],
  [
    "ForAllValues:StringEquals",
    ["environment", "cost-center"],
    ["environment", "cost-center"],
    true,
  ],
  ["ForAllValues:StringEquals", ["environment", "cost-center"], ["environment", "dept"], false],
  ["ForAllValues:StringEquals", "environment", undefined, true],
  ["ForAllValues:StringEquals", "environment", [], true],
  ["ForAllValues:StringEquals", "environment", "", true],
  ["ForAllValues:StringEquals", "environment", ["", "x"], false],
  ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], true],
  ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "b"], false],
  // By AWS's rule ("None of the values … can match any"); the example table of that page says the
  // opposite.
  ["ForAllValues:StringNotLike", ["o-1/r-1/ou-1/*"], ["o-1/r-1/ou-1/x/"], false],
  ["ForAllValues:StringNotLike", ["o-1/r-1/ou-1/*"], ["o-2/r-1/ou-1/x/"], true],
  [
    "ForAllValues:ArnLike",
    ["arn:aws:cloudfront::123456789012:distribution/s*"],
    [
      "arn:aws:cloudfront::123456789012:distribution/s1",
      "arn:aws:cloudfront::123456789012:distribution/admin",
    ],
    false,
  ],
  ["ForAllValues:Bool", "true", ["true", "false"], false],
  ["ForAllValues:StringEqualsIfExists", "a", undefined, true],
  ["ForAnyValue:StringEquals", ["environment", "cost-center"], ["environment", "dept"], true],
  ["ForAnyValue:StringEquals", ["environment", "cost-center"], ["dept"], false],
  ["ForAnyValue:StringEquals", "environment", undefined, false],
  ["ForAnyValue:StringEquals", "environment", [], false],
  ["ForAnyValue:StringEqualsIfExists", "environment", ["environment", "dept"], true],
  ["ForAnyValue:StringEqualsIfExists", "environment", ["dept"], false],
  ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], true],
  ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
  // "if the key does not exist, the condition returns false": a negated operator makes no
  // exception.
  ["ForAnyValue:StringNotEquals", "a", undefined, false],
  ["ForAnyValue:StringLike", "o-x/r-y/*", ["o-x/r-y/ou-z/"], true],
  ["ForAnyValue:Bool", "true", ["true", "false"], true],
];

test.each(CASES)(
  "%s with %j in the policy and %j in the request: %s",
  (operator, wanted, value, holds) => {
    expect(
      conditionHolds(
        { [operator]: { "x:key": wanted } },
        value === undefined ? {} : { "x:key": value },
      ),
    ).toBe(holds);
  },
);

test("every operator of IAM stands in the table", () => {
  const named = new Set(CASES.map(([operator]) => operator.replace(/^.*:|IfExists$/g, "")));
  const families = ["Numeric", "Date"].flatMap((family) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
      (name) => family + name,
    ),
  );
  const others =
    "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike ArnEquals ArnLike ArnNotEquals ArnNotLike Bool Null BinaryEquals IpAddress NotIpAddress";
  expect([...named].sort()).toEqual([...families, ...others.split(" ")].sort());
});

test("keys have no case, values do", () => {
  expect(
    conditionHolds({ StringEquals: { "AWS:sourceaccount": "a" } }, { "aws:SourceAccount": "a" }),
  ).toBe(true);
  expect(
    conditionHolds(
      { Null: { "KMS:EncryptionContext:AWS:cloudtrail:ARN": "false" } },
      { "kms:EncryptionContext:aws:cloudtrail:arn": "a" },
    ),
  ).toBe(true);
});

test("numbers and booleans may stand without quotation marks", () => {
  expect(
    conditionHolds(
      { Bool: { "x:b": true }, NumericEquals: { "x:n": 5 } },
      { "x:b": "true", "x:n": "5" },
    ),
  ).toBe(true);
});

test("all operators and all keys have to hold", () => {
  const condition = { StringEquals: { "x:a": "1", "x:b": "2" }, Bool: { "x:c": "true" } };
  expect(conditionHolds(condition, { "x:a": "1", "x:b": "2", "x:c": "true" })).toBe(true);
  for (const change of [{ "x:a": "9" }, { "x:b": "9" }, { "x:c": "false" }])
    expect(conditionHolds(condition, { "x:a": "1", "x:b": "2", "x:c": "true", ...change })).toBe(
      false,
    );
});

describe("what cannot be evaluated is an error", () => {
  test.each([
    ["StringEqual", "a", /StringEqual is not a condition operator; did you mean StringEquals\?/],
    ["stringEquals", "a", /did you mean StringEquals\?/],
    ["NullIfExists", "true", /NullIfExists is not a condition operator/],
    ["ForAnyValue:Null", "true", /ForAnyValue:Null is not a condition operator/],
    ["ForSomeValues:StringEquals", "a", /ForSomeValues:StringEquals is not a condition operator/],
    ["Bool", "yes", /"yes" is neither "true" nor "false"/],
    ["Null", "yes", /"true" \(the key is absent\)/],
    ["NumericEquals", "ten", /"ten" is not a number/],
    ["DateEquals", "yesterday", /"yesterday" is not a date/],
    ["DateEquals", "2020-01-01T00:00:00", /is not a date/],
    ["DateEquals", "2020-13-01", /is not a date/],
    ["DateEquals", "2020-00-01", /is not a date/],
    ["DateEquals", "2026-02-30", /is not a date: no such month, day, hour/],
    ["DateEquals", "2025-02-29", /is not a date/],
    ["DateEquals", "2100-02-29T00:00:00Z", /is not a date/],
    ["DateLessThan", "2026-04-31", /is not a date/],
    ["DateLessThan", "2026-01-00", /is not a date/],
    ["DateLessThan", "2026-01-01T24:00:00Z", /is not a date/],
    ["DateLessThan", "2026-01-01T25:00:00Z", /is not a date/],
    ["DateLessThan", "2026-01-01T00:60Z", /is not a date/],
    ["DateLessThan", "2026-01-01T00:00:60Z", /is not a date/],
    ["DateLessThan", "2026-01-01T00:00:00+24:00", /is not a date/],
    ["IpAddress", "203.0.113.0/33", /prefix length other than 0 to 32/],
    ["IpAddress", "203.0.113", /is not an IP range/],
    ["IpAddress", "2001:db8::1", /write 2001:db8::1\/128/],
    ["BinaryEquals", "***", /is not base64/],
    ["ArnLike", "*", /is not an ARN/],
    ["ArnLike", "arn:aws:s3", /is not an ARN: it lacks parts/],
    ["ArnLike", "arn:aws:cloudtrail:us-east-1:111111111111:", /is not an ARN: it lacks parts/],
    ["ArnNotLike", "arn:aws:cloudtrail:*:11111111111:trail/x", /has the account "11111111111"; /],
    ["ArnEquals", "arn:amazon:s3:::logs", /has the partition "amazon"; /],
    ["ArnEquals", "arn:aws:S3:::logs", /has the service "S3"; /],
    ["ArnEquals", "arn:aws:sns:useast1:111111111111:x", /has the region "useast1"; /],
    ["ArnNotEquals", "ARN:aws:s3:::logs", /has the prefix "ARN"; arn is allowed/],
    ["Bool", "${x:key}", /policy variable, which only the String and Arn operators take/],
    ["NumericEquals", "${x:key}", /policy variable/],
    ["StringEquals", [], /empty list/],
  ])("%s with %j", (operator, value, message) => {
    expect(() => conditionHolds({ [operator]: { "x:key": value } }, { "x:key": "true" })).toThrow(
      message,
    );
  });

  test.each([
    ["NumericEquals", "5", "five"],
    ["DateEquals", "2020", "today"],
    ["Bool", "true", "yes"],
    ["IpAddress", "203.0.113.0/24", "example.com"],
  ])("%s and a request's value of another type", (operator, wanted, value) => {
    expect(() => conditionHolds({ [operator]: { "x:key": wanted } }, { "x:key": value })).toThrow(
      /^identityPolicies\[0\]\.Statement\[0\]: the request's value/,
    );
  });

  test("a multivalued key under an operator for single values", () => {
    expect(() =>
      conditionHolds({ StringEquals: { "aws:TagKeys": "a" } }, { "aws:TagKeys": ["a"] }),
    ).toThrow(/multivalued, which takes ForAllValues:StringEquals or ForAnyValue:StringEquals/);
  });

  test.each([undefined, []])(
    "ForAnyValue with IfExists, where the request's key is %j: AWS has two rules for it",
    (value) => {
      const condition = { "ForAnyValue:StringEqualsIfExists": { "x:key": "environment" } };
      expect(() =>
        conditionHolds(condition, value === undefined ? {} : { "x:key": value }),
      ).toThrow(/IfExists makes the condition true, ForAnyValue makes it false/);
    },
  );

  test("one key twice in a request", () => {
    expect(() =>
      conditionHolds(undefined, { "aws:SourceIp": "1.1.1.1", "AWS:sourceip": "2.2.2.2" }),
    ).toThrow(PolicyError);
  });
});
