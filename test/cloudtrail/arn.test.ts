import fc from "fast-check";
import {
  bucketArn,
  bucketOfArn,
  formatArn,
  hasPlace,
  iamName,
  isArn,
  isKeyArn,
  isTopicArn,
  keyArn,
  parseArn,
  queueArn,
  regionalArn,
  roleArn,
  rootArn,
  serviceOfAll,
  sessionArn,
  sessionRole,
  topicArn,
} from "../../cloudtrail/arn";
import { trailNameProblem } from "../../cloudtrail/names";
import {
  isPartition,
  isRegionName,
  KNOWN_REGIONS,
  type Partition,
  partitionOfRegion,
  PARTITIONS,
  regionsOfPartition,
  serviceHostSuffix,
} from "../../cloudtrail/regions";
import {
  parseTrailArn,
  trailArn,
  type TrailIdentity,
} from "../../cloudtrail/trails/trail-identity";

const ACCOUNT = "111111111111";
const place = (partition: Partition) => ({
  partition,
  accountId: ACCOUNT,
  region: regionsOfPartition(partition)[0]!,
});

const regions = fc.oneof(
  fc.constantFrom(...KNOWN_REGIONS),
  fc.stringMatching(/^[a-z]{2,4}(-[a-z]{1,10}){1,3}-\d{1,2}$/).filter(isRegionName),
);
const trails: fc.Arbitrary<TrailIdentity> = fc.record({
  partition: fc.constantFrom(...PARTITIONS),
  homeRegion: regions,
  accountId: fc.stringMatching(/^\d{12}$/),
  name: fc
    .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/)
    .filter((name) => trailNameProblem(name) === undefined),
});

test("a trail's ARN is taken apart as it was made, in every partition", () => {
  fc.assert(
    fc.property(trails, (trail) => {
      expect(parseTrailArn(trailArn(trail))).toEqual(trail);
    }),
  );
});

test("an ARN is taken apart as it was made, colons in the resource included", () => {
  const part = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
  const arns = fc.record({
    partition: part,
    service: part,
    region: fc.oneof(fc.constant(""), part),
    account: fc.oneof(fc.constant(""), part),
    resource: fc.stringMatching(/^[a-zA-Z0-9:/*._-]{1,60}$/),
  });
  fc.assert(fc.property(arns, (arn) => expect(parseArn(formatArn(arn))).toEqual(arn)));
});

describe.each(PARTITIONS)("partition %s", (partition) => {
  const here = place(partition);

  test("has regions, which are its own", () => {
    expect(regionsOfPartition(partition).map(partitionOfRegion)).toContain(partition);
    expect(isPartition(partition)).toBe(true);
    expect(serviceHostSuffix(partition)).toMatch(/^[a-z0-9.-]+\.[a-z]+$/);
  });

  test("stands in the ARN of each resource", () => {
    const trail = { partition, homeRegion: here.region, accountId: ACCOUNT, name: "t-1" };
    const arns = [
      bucketArn({ partition, bucketName: "logs" }),
      keyArn(here, "k"),
      topicArn({ ...here, topicName: "t" }),
      queueArn(here, "q"),
      roleArn(here, "r"),
      rootArn(here),
      sessionArn(here, "r", "s"),
      regionalArn(here, "glue", "catalog"),
      trailArn(trail),
    ];
    expect(arns.map((arn) => parseArn(arn)?.partition)).toEqual(arns.map(() => partition));
    expect(parseTrailArn(trailArn(trail))).toEqual(trail);
  });
});

test("the ARNs of resources are AWS's", () => {
  const here = place("aws");
  expect(bucketArn({ partition: "aws", bucketName: "logs" })).toBe("arn:aws:s3:::logs");
  expect(keyArn(here, "k")).toBe(`arn:aws:kms:us-east-1:${ACCOUNT}:key/k`);
  expect(topicArn({ ...here, topicName: "t" })).toBe(`arn:aws:sns:us-east-1:${ACCOUNT}:t`);
  expect(queueArn(here, "q")).toBe(`arn:aws:sqs:us-east-1:${ACCOUNT}:q`);
  expect(roleArn(here, "path/r")).toBe(`arn:aws:iam::${ACCOUNT}:role/path/r`);
  expect(rootArn(here)).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  expect(sessionArn(here, "r", "s")).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/r/s`);
});

const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/t-1`;

test.each([
  ["another partition", TRAIL.replace("aws", "aws-mars")],
  ["another service", TRAIL.replace("cloudtrail", "s3")],
  ["no region", TRAIL.replace("us-east-1", "")],
  ["any region", TRAIL.replace("us-east-1", "*")],
  ["any account", TRAIL.replace(ACCOUNT, "*")],
  ["an event data store", TRAIL.replace("trail/", "eventdatastore/")],
  ["no name", TRAIL.replace("t-1", "")],
  ["text around it", ` ${TRAIL}`],
])("no trail's ARN: %s", (_, text) => {
  expect(parseTrailArn(text)).toBeUndefined();
});

test.each([
  ["arn:aws:lambda", "lambda"],
  ["arn:aws-eusc:s3", "s3"],
  ["arn:aws:s3:::", "s3"],
  ["arn:aws:lambda:::", undefined],
  ["arn:aws:s3:::logs/", undefined],
])("%s means all of %s", (text, service) => {
  expect(serviceOfAll(text)).toBe(service);
});

const arnOf = (text: string) => parseArn(text);

test.each([
  [`arn:aws:kms:us-east-1:${ACCOUNT}:key/1-a`, true],
  [`arn:aws:kms:us-east-1:${ACCOUNT}:alias/a`, false],
  [`arn:aws:kms:us-east-1:1:key/1-a`, false],
  [`arn:aws:kms::${ACCOUNT}:key/1-a`, false],
  [`arn:aws:sns:us-east-1:${ACCOUNT}:key/1-a`, false],
  ["key/1-a", false],
])("%s is a key's ARN: %s", (text, expected) => {
  expect(isKeyArn(arnOf(text))).toBe(expected);
});

test.each([
  [`arn:aws:sns:us-east-1:${ACCOUNT}:topic`, true],
  [`arn:aws:sns:us-east-1:${ACCOUNT}:topic:subscription`, false],
  [`arn:aws:sns::${ACCOUNT}:topic`, false],
  [`arn:aws:sqs:us-east-1:${ACCOUNT}:topic`, false],
])("%s is a topic's ARN: %s", (text, expected) => {
  expect(isTopicArn(arnOf(text))).toBe(expected);
  expect(hasPlace(arnOf(text)!)).toBe(!text.includes("::"));
});

test.each([
  [`arn:aws:iam::${ACCOUNT}:role/a/b`, { kind: "role", name: "a/b" }],
  [`arn:aws:iam::${ACCOUNT}:user/u`, { kind: "user", name: "u" }],
  [`arn:aws:iam::${ACCOUNT}:role/`, undefined],
  [`arn:aws:iam::${ACCOUNT}:root`, undefined],
  [`arn:aws:iam::*:role/a`, undefined],
  [`arn:aws:iam:us-east-1:${ACCOUNT}:role/a`, undefined],
  [`arn:aws:sts::${ACCOUNT}:role/a`, undefined],
])("%s names a role or user", (text, expected) => {
  expect(iamName(arnOf(text))).toEqual(expected);
});

test.each([
  [`arn:aws:sts::${ACCOUNT}:assumed-role/r/s`, "r"],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/r`, undefined],
  [`arn:aws:sts::${ACCOUNT}:federated-user/r/s`, undefined],
  [`arn:aws:iam::${ACCOUNT}:assumed-role/r/s`, undefined],
])("the role of the session %s", (text, expected) => {
  expect(sessionRole(arnOf(text))).toBe(expected);
});

test.each([
  ["arn:aws:s3:::logs", "logs"],
  ["arn:aws:s3:::logs/a/b", "logs"],
  [`arn:aws:s3:us-east-1:${ACCOUNT}:accesspoint/a`, undefined],
  [`arn:aws:sns:us-east-1:${ACCOUNT}:logs`, undefined],
])("the bucket of %s", (text, expected) => {
  expect(bucketOfArn(arnOf(text))).toBe(expected);
});

test("what begins as an ARN is meant as one", () => {
  expect(["arn:aws:s3:::x", "arn:", "role/x", "arnold"].map(isArn)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
