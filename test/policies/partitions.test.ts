import { PARTITIONS } from "../../cloudtrail/regions";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../policies/documents/log-key-policy";
import {
  notificationKeyPolicy,
  notificationQueuePolicy,
  notificationTopicPolicy,
} from "../../policies/documents/notification-topic-policy";
import { readerIdentityPolicy } from "../../policies/readers/readers";
import { BUCKET_POLICY_SHAPES } from "../../policies/shapes/shapes";
import { TrailRegistry } from "../../policies/trail-registry";
import { trailOf } from "../support/trails";
import { HARDENING, OWNER, READERS } from "./spec/world";

test.each(PARTITIONS)("every ARN that we make is of partition %s", (partition) => {
  const of = (arn: string) => arn.replace("arn:aws:", `arn:${partition}:`);
  const trails = new TrailRegistry([trailOf(OWNER, { partition })]);
  const readers = READERS.map((reader) => ({ ...reader, principals: reader.principals.map(of) }));
  const hardening = {
    ...HARDENING,
    breakGlassRoleArn: of(HARDENING.breakGlassRoleArn!),
    deployerRoleArn: of(HARDENING.deployerRoleArn!),
  };
  const bucket = { partition, bucketName: "logs", trails, readers, hardening };
  const topic = { partition, region: "x", accountId: OWNER, topicName: "files" };
  const text = JSON.stringify([
    ...BUCKET_POLICY_SHAPES.map((shape) =>
      logBucketPolicy({ ...bucket, shape, organizationId: "o-ours000000" }),
    ),
    logKeyPolicy({ ...bucket, accountId: OWNER, shape: "account-list" }),
    logKeyPolicy({ ...bucket, accountId: OWNER }),
    notificationTopicPolicy({ ...topic, trails }),
    notificationKeyPolicy({ ...topic, queue: true }),
    notificationQueuePolicy(topic, "files"),
    readerIdentityPolicy(readers[1]!, bucket, `arn:${partition}:kms:x:${OWNER}:key/x`),
  ]);
  expect(new Set(text.match(/arn:[a-z-]+:/g))).toEqual(new Set([`arn:${partition}:`]));
});

test("the service principal can be another, in every document that names CloudTrail", () => {
  const servicePrincipal = "cloudtrail.amazonaws.com.cn";
  const trails = new TrailRegistry([trailOf(OWNER)]);
  const topic = { partition: "aws", region: "x", accountId: OWNER, topicName: "t" } as const;
  const common = { ...topic, bucketName: "logs", trails, servicePrincipal, bucketKeyEnabled: true };
  for (const document of [
    ...BUCKET_POLICY_SHAPES.map((shape) =>
      logBucketPolicy({ ...common, shape, organizationId: "o-ours000000" }),
    ),
    logKeyPolicy(common),
    logKeyPolicy({ ...common, shape: "account-list" }),
    notificationTopicPolicy(common),
    notificationKeyPolicy(common),
  ]) {
    const names = JSON.stringify(document).match(/"cloudtrail\.[a-z.]+"/g);
    expect(new Set(names)).toEqual(new Set([`"${servicePrincipal}"`]));
  }
});

test("the shape source-org-id asks for an ID of the right form", () => {
  const trails = new TrailRegistry([trailOf(OWNER)]);
  for (const organizationId of [undefined, "ours", "o-OURS000000"])
    expect(() =>
      logBucketPolicy({
        partition: "aws",
        bucketName: "logs",
        trails,
        shape: "source-org-id",
        organizationId,
      }),
    ).toThrow(`it is ${organizationId ?? "not given"}. Write destination: {organizationId: o-…}`);
});
