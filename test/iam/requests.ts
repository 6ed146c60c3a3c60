import { evaluate, type Decision, type Policies } from "../../iam/evaluate";
import type { PolicyDocument, PrincipalElement, Statement } from "../../iam/policy-document";
import type { AccessRequest, Principal } from "../../iam/request";

export const OWNER = "111111111111";
export const MEMBER = "222222222222";
export const STRANGER = "999999999999";
export const BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket";
export const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

export const cloudTrail: Principal = { kind: "service", service: "cloudtrail.amazonaws.com" };
export const anonymous: Principal = { kind: "anonymous" };

export const user = (accountId: string, name = "Bob"): Principal => ({
  kind: "user",
  accountId,
  arn: `arn:aws:iam::${accountId}:user/${name}`,
});
export const session = (accountId: string, role = "Reader", name = "s1"): Principal => ({
  kind: "assumed-role",
  accountId,
  arn: `arn:aws:iam::${accountId}:role/${role}`,
  sessionArn: `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`,
});
export const root = (accountId: string): Principal => ({
  kind: "root",
  accountId,
  arn: `arn:aws:iam::${accountId}:root`,
});

export const federated: Principal = {
  kind: "federated",
  accountId: OWNER,
  arn: `arn:aws:sts::${OWNER}:federated-user/Ann`,
};
export const role: Principal = {
  kind: "role",
  accountId: OWNER,
  arn: `arn:aws:iam::${OWNER}:role/Reader`,
};

/** Somebody reads an object. */
export const read = { action: "s3:GetObject", resource: `${BUCKET}/key` };

/** The ARN of an account's trail. */
export const trail = (accountId: string, name = "central", region = "us-east-1"): string =>
  `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;

/** CloudTrail writes an object on behalf of a trail. */
export const write = (
  trailArn: string,
  key: string,
  context: AccessRequest["context"] = {},
): AccessRequest => ({
  principal: cloudTrail,
  action: "s3:PutObject",
  resource: `${BUCKET}/${key}`,
  context: {
    "aws:SourceArn": trailArn,
    "aws:SourceAccount": trailArn.split(":")[4] as string,
    "s3:x-amz-acl": "bucket-owner-full-control",
    ...context,
  },
});

export const policy = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** Lets these principals read all objects. */
export const bucketPolicy = (Principal: PrincipalElement): PolicyDocument =>
  policy({ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: `${BUCKET}/*` });
export const aws = (...AWS: string[]): PrincipalElement => ({ AWS });

/** Allows everything to an identity. */
export const ADMIN = policy({ Effect: "Allow", Action: "*", Resource: "*" });

/** The decision on a request, by the resource's and the principal's policies. */
export function decide(request: AccessRequest, policies: Partial<Policies>): Decision["decision"] {
  return evaluate(request, { resourceAccount: OWNER, ...policies }).decision;
}

/** Whether a statement with this condition, and nothing else to fail on, matches these keys. */
export function conditionHolds(
  condition: Statement["Condition"],
  context: AccessRequest["context"],
  version: PolicyDocument["Version"] = "2012-10-17",
): boolean {
  const decision = evaluate(
    { principal: user(OWNER), action: "s3:GetObject", resource: `${BUCKET}/key`, context },
    {
      resourceAccount: OWNER,
      identityPolicies: [
        {
          Version: version,
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*", Condition: condition }],
        },
      ],
    },
  );
  return decision.decision === "allowed";
}
