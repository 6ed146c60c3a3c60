import { z } from "zod";
import { oneOf } from "./wording";

/**
 * Policy statements of one's own in an environment file, in IAM's own words. Their elements are
 * looked into by rules/statement-rules.ts, with the evaluator of iam/.
 */

const element = (description: string): z.ZodOptional<z.ZodUnknown> =>
  z.unknown().optional().describe(description);

const statement = z.strictObject({
  Sid: element("The statement's name, of letters and digits, which no other statement has"),
  Effect: oneOf(["Allow", "Deny"]).describe("What it does to the requests that it is about"),
  Principal: element('Whom it is about, such as {AWS: "arn:aws:iam::111111111111:role/name"}'),
  NotPrincipal: element("It is about everybody else"),
  Action: element("One action or a list, such as s3:GetObject"),
  NotAction: element("It is about every other action"),
  Resource: element('One ARN or a list; "*" in a key policy'),
  NotResource: element("It is about every other resource"),
  Condition: element("What must hold besides: operator, condition key, values"),
});

const list = (policy: string) => z.array(statement).min(1).optional().describe(policy);

/** Statements for the policies of a destination. */
export const ownStatements = z.strictObject({
  bucket: list("For the bucket policy. Default: none"),
  key: list("For the policy of the key that is made. Default: none"),
  topic: list("For the topic policy. Default: none"),
});
