import { z } from "zod";
import { iamName, parseArn } from "../../cloudtrail/arn";
import { ACCOUNT_ID_PATTERN, accountIdProblem, roleNameProblem } from "../../cloudtrail/names";
import { must, text } from "./wording";

const principal = text({
  noun: "a reader's ARN",
  example: "arn:aws:iam::123456789012:role/security-audit",
  problem: (value) => {
    const named = iamName(parseArn(value));
    return named === undefined
      ? "must be arn:<partition>:iam::<account>:role/<name>, or user/<name> (no account, no session, no wildcard)"
      : roleNameProblem(named.name);
  },
  description: "ARN of an IAM role or user, of any account; it must exist when the deploy runs",
});

/** The word for every account in a reader's list. */
export const ALL_ACCOUNTS = "all";

/** Somebody who may read logs. */
export const reader = z.strictObject({
  name: text({
    noun: "a reader's name",
    example: "security-team",
    problem: must(
      /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
      "must have 1 to 40 letters, digits and hyphens, a letter first",
    ),
    repair: (value) => value.replace(/[^A-Za-z0-9]+/g, "-").replace(/^[^A-Za-z]+|-+$/g, ""),
    description: "Name of the reader, which its policy statements are called after",
  }),
  principals: z.array(principal).min(1).describe("Who it is: IAM roles and users"),
  accounts: z
    .array(
      text({
        noun: "an account ID or the word all",
        example: "123456789012",
        problem: (value) => (value === ALL_ACCOUNTS ? undefined : accountIdProblem(value)),
        repair: (value) => value.replace(/[\s._-]/g, "").toLowerCase(),
        advice: () => "look the account ID up",
        description: "An account of this file, in quotes; or all, alone",
        pattern: `^(${ACCOUNT_ID_PATTERN}|all)$`,
      }),
    )
    .min(1)
    .describe("Whose logs it may read: accounts of this file, or [all], those to come included"),
});
