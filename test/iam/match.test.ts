import fc from "fast-check";
import { globTemplate, matchesGlob, type Glob } from "../../iam/match";
import { parseIpAddress } from "../../iam/ip-range";
import { plain } from "../../iam/variables";
import { BUCKET, decide, policy, user, OWNER } from "./requests";

const glob = (text: string) => globTemplate(plain(text)) as Glob;

const resourceMatches = (pattern: string, resource: string) =>
  decide(
    { principal: user(OWNER), action: "s3:GetObject", resource },
    { identityPolicies: [policy({ Effect: "Allow", Action: "*", Resource: pattern })] },
  ) === "allowed";

const actionMatches = (pattern: string, action: string) =>
  decide(
    { principal: user(OWNER), action, resource: BUCKET },
    { identityPolicies: [policy({ Effect: "Allow", Action: pattern, Resource: "*" })] },
  ) === "allowed";

// The list of AWS's page on the Resource element.
test.each([
  ["1/test/object.jpg", true],
  ["1/2/test/object.jpg", true],
  ["1/2/test/3/object.jpg", true],
  ["1///test///object.jpg", true],
  ["1/test/.jpg", true],
  ["/test/object.jpg", true],
  ["1/test/", true],
  ["1-test/object.jpg", false],
  ["test/object.jpg", false],
  ["1/2/test.jpg", false],
])("bucket/*/test/* and the object %s: %s", (key, matches) => {
  expect(resourceMatches(`${BUCKET}/*/test/*`, `${BUCKET}/${key}`)).toBe(matches);
});

test.each([
  ["*", BUCKET, true],
  ["*", "*", true],
  [BUCKET, BUCKET, true],
  [BUCKET, `${BUCKET}/key`, false],
  [`${BUCKET}/*`, BUCKET, false],
  [`${BUCKET}/AWSLogs/111111111111/*`, `${BUCKET}/awslogs/111111111111/x`, false],
  [`${BUCKET}/a?c`, `${BUCKET}/abc`, true],
  [`${BUCKET}/a?c`, `${BUCKET}/ac`, false],
  [`${BUCKET}/a?c`, `${BUCKET}/a😀c`, true],
  [`${BUCKET}/*:x`, `${BUCKET}/a:b:x`, true],
  // A * within one of the first five parts stays there; at a part's end it may reach further.
  ["arn:aws:sqs:us-*-1:111111111111:q", "arn:aws:sqs:us-east-1:111111111111:q", true],
  ["arn:aws:sqs:u*1:111111111111:q", "arn:aws:sqs:us-east-2:1:111111111111:q", false],
  ["arn:aws:sqs:*:x:q", "arn:aws:sqs:us-east-1:x:x:q", true],
  // An identity policy's ARN that lacks parts is completed.
  ["arn:aws:s3", BUCKET, true],
  ["arn:aws:sqs", BUCKET, false],
])("resource %s and %s: %s", (pattern, resource, matches) => {
  expect(resourceMatches(pattern, resource)).toBe(matches);
});

test.each([
  ["*", "s3:GetObject", true],
  ["s3:*", "s3:GetObject", true],
  ["s3:*", "s3express:GetObject", false],
  ["s3:Get*", "s3:GetObject", true],
  ["s3:Get*", "s3:PutObject", false],
  ["S3:getOBJECT", "s3:GetObject", true],
  ["s3:GetObjec?", "s3:GetObject", true],
  ["s3:GetObject?", "s3:GetObject", false],
  ["iam:*AccessKey*", "iam:CreateAccessKey", true],
])("action %s and %s: %s", (pattern, action, matches) => {
  expect(actionMatches(pattern, action)).toBe(matches);
});

test("globs agree with regular expressions", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const subject = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
  fc.assert(
    fc.property(text, subject, (pattern, value) => {
      const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(matchesGlob(glob(pattern), value)).toBe(regex.test(value));
    }),
    { numRuns: 2000 },
  );
});

test("a pattern that makes backtracking matchers explode does not take long", () => {
  const pattern = glob(`${"*a".repeat(200)}b`);
  const started = performance.now();
  expect(matchesGlob(pattern, "a".repeat(5000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each([
  ["1.2.3.4", 0x01020304n],
  ["::", 0n],
  ["::1", 1n],
  ["1::", 1n << 112n],
  ["2001:db8::1", (0x20010db8n << 96n) | 1n],
  ["1:2:3:4:5:6:7:8", 0x00010002000300040005000600070008n],
  ["::ffff:1.2.3.4", 0xffff01020304n],
])("the address %s", (text, value) => {
  expect(parseIpAddress(text)?.value).toBe(value);
});

test.each([
  "",
  "1.2.3",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.4.5",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "12345::",
  "g::",
  "1.2.3.4::",
  "::1%eth0",
])("%j is not an address", (text) => {
  expect(parseIpAddress(text)).toBeUndefined();
});
