import { evaluate, type Policies } from "../../../iam/evaluate";
import type { PolicyDocument } from "../../../iam/policy-document";
import { OWNER, type Row } from "./world";

/** A document, what it is attached to, and all that is asked about it. */
export interface Subject {
  readonly name: string;
  readonly document: PolicyDocument;
  readonly rows: readonly Row[];
  /** @default "other" */
  readonly resourceType?: Policies["resourceType"];
  /** Whether it is an identity's policy, whose resource is of the same account. @default false */
  readonly identity?: boolean;
}

/** Whether the document, in the subject's place, allows what the row asks. */
export function allows(subject: Subject, row: Row, document = subject.document): boolean {
  const { decision } = evaluate(
    row.request,
    subject.identity
      ? {
          identityPolicies: [document],
          resourceAccount:
            "accountId" in row.request.principal ? row.request.principal.accountId : OWNER,
        }
      : {
          resourcePolicy: document,
          identityPolicies: row.identity ?? [],
          resourceAccount: OWNER,
          resourceType: subject.resourceType ?? "other",
        },
  );
  return decision === "allowed";
}

/** The rows in which the document and the specification differ. */
export function differences(subject: Subject, document = subject.document): string[] {
  return subject.rows
    .filter((row) => allows(subject, row, document) !== row.allowed)
    .map(({ what, allowed }) => `${what}: must be ${allowed ? "allowed" : "refused"}`);
}
