import { LogDestination } from "../../modules/log-destination/log-destination";
import { emptyStack } from "../support/synthesized";
import { FOUR_TRAILS } from "../support/trails";

const [own, ...members] = FOUR_TRAILS;

test("readers of other accounts get the policy that they need there, the destination's own none", () => {
  const { readerIdentityPolicies } = new LogDestination(emptyStack(), "logs", {
    bucketName: "the-log-bucket",
    trail: own!,
    memberTrails: members,
    encryption: { kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/abc" },
    readers: [
      {
        name: "payments-team",
        principals: ["arn:aws:iam::222222222222:role/auditor"],
        accounts: ["222222222222"],
      },
      {
        name: "security",
        principals: ["arn:aws:iam::111111111111:role/security"],
        accounts: "all",
      },
    ],
  });
  expect(Object.keys(readerIdentityPolicies)).toEqual(["payments-team"]);
  const policy = JSON.parse(readerIdentityPolicies["payments-team"]!) as {
    Statement: { Action: unknown; Resource: unknown }[];
  };
  expect(policy.Statement.map(({ Resource }) => Resource)).toEqual([
    "arn:aws:s3:::the-log-bucket",
    "arn:aws:s3:::the-log-bucket",
    ["arn:aws:s3:::the-log-bucket/AWSLogs/222222222222/*"],
    "arn:aws:kms:us-east-1:111111111111:key/abc",
  ]);
});
