import type { Destination, Environment } from "../../../envs/types";
import { PolicedResources } from "../../../operations/explain/requests";
import { refusedLines } from "../../../operations/explain/text";
import {
  alikeFolders,
  mayWrite,
  type TrailAccess,
  trailAccess,
} from "../../../operations/explain/trails";
import { environmentDocuments } from "../../../operations/policies/environment-documents";
import { fourAccounts } from "../../support/environment";
import { trailOf } from "../../support/trails";

const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"];

function withDestination(change: Partial<Destination>): Environment {
  const environment = fourAccounts();
  return { ...environment, destination: { ...environment.destination, ...change } };
}

test("AWS's own text lets each trail write into every folder, and a stranger's into none", () => {
  const access = trailAccess(new PolicedResources(fourAccounts()));
  expect(access.map(({ account }) => account)).toEqual([...ACCOUNTS, "000000000000"]);
  for (const { account, ownFolder, otherFolders, encrypt } of access.slice(0, 4)) {
    const others = ACCOUNTS.filter((one) => one !== account);
    expect({ ownFolder, otherFolders, encrypt }).toEqual({
      ownFolder: true,
      otherFolders: others,
      encrypt: true,
    });
  }
  expect(access[4]).toMatchObject({ ownFolder: false, otherFolders: [], encrypt: false });
});

test("a shape that pins each account to its folder shows as such", () => {
  const environment = withDestination({ bucketPolicyShape: "own-prefix" });
  const access = trailAccess(new PolicedResources(environment));
  expect(access.map(({ ownFolder }) => ownFolder)).toEqual([true, true, true, true, false]);
  expect(access.flatMap(({ otherFolders }) => otherFolders)).toEqual([]);
});

test("the environment's accounts are taken to be in its organization, strangers not", () => {
  const environment = withDestination({
    bucketPolicyShape: "source-org-id",
    organizationId: "o-a1b2c3d4e5",
  });
  const access = trailAccess(new PolicedResources(environment));
  expect(access.map(({ ownFolder }) => ownFolder)).toEqual([true, true, true, true, false]);
});

test("a prefix is part of the folders", () => {
  const resources = new PolicedResources(withDestination({ prefix: "org" }));
  const write = (key: string): string => mayWrite(resources, trailOf("222222222222"), key).decision;
  expect(write("org/AWSLogs/222222222222/x")).toBe("allowed");
  expect(write("AWSLogs/222222222222/x")).toBe("implicitDeny");
});

test.each<[string, Destination["encryption"]]>([
  ["SSE-S3", { type: "sse-s3" }],
  [
    "an existing key",
    {
      type: "sse-kms-existing",
      keyArn: "arn:aws:kms:us-east-1:111111111111:key/existing",
      bucketKey: false,
    },
  ],
])("with %s nothing is said of encryption", (_, encryption) => {
  const access = trailAccess(new PolicedResources(withDestination({ encryption })));
  expect(access.map(({ encrypt }) => encrypt)).toEqual(Array(5).fill(undefined));
  expect(access[0]!.ownFolder).toBe(true);
});

describe("folders that a policy can tell apart", () => {
  const alike = (...Resource: string[]): string[][] =>
    alikeFolders(
      {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource }],
      },
      ACCOUNTS,
    );
  const [first, ...others] = ACCOUNTS;

  test.each([
    ["none that it does not name", ["arn:aws:s3:::logs/*"], [ACCOUNTS]],
    ["none by a variable", ["arn:aws:s3:::logs/AWSLogs/${aws:SourceAccount}/*"], [ACCOUNTS]],
    ["one that it names", [`arn:aws:s3:::logs/org/AWSLogs/${first}/*`], [[first], others]],
    ["all by a pattern", ["arn:aws:s3:::logs/AWSLogs/1*/x"], ACCOUNTS.map((one) => [one])],
  ])("%s", (_, resources, expected) => {
    expect(alike(...resources)).toEqual(expected);
  });
});

describe("what a policy refuses CloudTrail", () => {
  const refusedWith = (change: Partial<Destination>, drop: string): TrailAccess[] => {
    const environment = withDestination(change);
    const { bucket, ...others } = environmentDocuments(environment);
    const Statement = bucket.Statement.filter(({ Action }) => Action !== drop);
    const documents = { ...others, bucket: { ...bucket, Statement } };
    return trailAccess(new PolicedResources(environment, documents));
  };

  test("nothing, of our own documents, but a stranger everything", () => {
    const access = refusedWith({ notifications: { topicName: "log-files" } }, "none");
    expect(access.map(({ refused }) => refused.length)).toEqual([0, 0, 0, 0, 5]);
    expect(refusedLines(access.slice(0, -1))).toEqual([]);
  });

  test("the ACL check, without its statement, though files could be written", () => {
    const access = refusedWith({}, "s3:GetBucketAcl").slice(0, -1);
    expect(access.map(({ ownFolder }) => ownFolder)).toEqual([true, true, true, true]);
    expect(refusedLines(access)).toEqual([
      `CloudTrail is refused s3:GetBucketAcl by the bucket policy, for the trails of ${ACCOUNTS.join(", ")}.`,
    ]);
  });

  test("everything, where the policies name CloudTrail as no page of AWS does for the partition", () => {
    const servicePrincipal = "cloudtrail.amazonaws.com.cn";
    const access = refusedWith({ servicePrincipal }, "none");
    expect(access.map(({ ownFolder }) => ownFolder)).toEqual(Array(5).fill(false));
    expect(access[0]!.refused).toContainEqual({ action: "s3:PutObject", policy: "bucket" });
  });
});
