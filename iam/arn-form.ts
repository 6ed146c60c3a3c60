/**
 * What an ARN in a policy may look like. A part with a wildcard may stand for anything.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */

/** One of an ARN's first five parts: its name, its form, and the form in words. */
interface ArnPart {
  readonly name: string;
  readonly form: RegExp;
  readonly allowed: string;
}

const PARTS: readonly ArnPart[] = [
  { name: "prefix", form: /^arn$/, allowed: "arn" },
  { name: "partition", form: /^aws(-[a-z]+)*$/, allowed: "aws, aws-cn, aws-us-gov and the like" },
  { name: "service", form: /^[a-z0-9][a-z0-9-]*$/, allowed: "a service's name in lower case" },
  { name: "region", form: /^([a-z]{2,}(-[a-z0-9]+)+)?$/, allowed: "a region's name or nothing" },
  // AWS's own policies have the account aws, the identities of CloudFront have cloudfront.
  {
    name: "account",
    form: /^(\d{12}|aws|cloudfront)?$/,
    allowed: "an account ID of 12 digits or nothing",
  },
];

/**
 * What is wrong with an ARN, of which only the last part may have policy variables.
 *
 * @returns undefined where nothing is
 */
export function arnProblem(arn: string): string | undefined {
  const parts = arn.split(":");
  if (parts.length < 6 || parts.slice(5).join(":") === "")
    return "lacks parts: arn:partition:service:region:account:resource";
  const wrong = PARTS.findIndex(({ form }, index) => {
    const part = parts[index] as string;
    if (/[*?]/.test(part) || form.test(part)) return false;
    // A * at the end of a part may reach beyond the colon: what stands behind it may be any part.
    const isAnyPart = parts.slice(0, index).some((before) => before.endsWith("*"));
    return !isAnyPart || (/^\d+$/.test(part) && part.length !== 12);
  });
  if (wrong < 0) return undefined;
  const { name, allowed } = PARTS[wrong] as ArnPart;
  return `has the ${name} ${JSON.stringify(parts[wrong])}; ${allowed} is allowed`;
}

/** A user's or a role's name, which may have a path before it. */
const IAM_IDENTITY = /^(user|role)\/[!-~]*[\w+=,.@-]$/;
const STS_SESSION = /^(assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@-]+$/;
const CLOUDFRONT_IDENTITY = /^user\/CloudFront Origin Access Identity \w+$/;

/**
 * What is wrong with an ARN that is to name an account's root, a user, a role or a session.
 *
 * @returns undefined where nothing is
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalArnProblem(arn: string): string | undefined {
  const problem = arnProblem(arn);
  if (problem !== undefined) return problem;
  const [, , service, region, account, ...rest] = arn.split(":") as [
    ...[string, string, string, string, string],
    ...string[],
  ];
  const resource = rest.join(":");
  if (region !== "") return `has the region ${JSON.stringify(region)}; principals have none`;
  if (service === "iam" && account === "cloudfront" && CLOUDFRONT_IDENTITY.test(resource))
    return undefined;
  const named =
    (service === "iam" && (resource === "root" || IAM_IDENTITY.test(resource))) ||
    (service === "sts" && STS_SESSION.test(resource));
  if (!named) return "names no account's root, user, role or session";
  if (!/^\d{12}$/.test(account)) return "has no account ID of 12 digits";
  return undefined;
}
