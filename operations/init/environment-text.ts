import { stringify } from "yaml";
import { isOptInRegion, KNOWN_REGIONS } from "../../cloudtrail/regions";

/** What a new environment file is written from. */
export interface Answers {
  /** The environment's name. */
  readonly name: string;
  /** Account ID. */
  readonly destinationAccount: string;
  /** Account IDs; may be none. */
  readonly members: readonly string[];
  /** Those of the accounts that are only examples, to be replaced. */
  readonly examples: readonly string[];
  /** Home region of all trails, and the region of bucket, key and state. */
  readonly region: string;
  /** The log bucket. */
  readonly bucket: string;
  /** The bucket of Terraform's state. */
  readonly stateBucket: string;
  /** Name of the role in each account that Terraform assumes. */
  readonly role: string;
  /** What the role's trust policy asks for. */
  readonly externalId: string;
}

/** The text of a new environment file: what was answered, and every other entry as a comment. */
export function environmentText(answers: Answers): string {
  const { name, destinationAccount, members, region, role, externalId } = answers;
  const account = (id: string): string =>
    `${scalar(id)}${answers.examples.includes(id) ? " # an example; put in yours" : ""}`;
  const optIn = KNOWN_REGIONS.includes(region) && isOptInRegion(region);
  return `# yaml-language-server: $schema=./environment.schema.json
#
# The environment "${scalar(name)}". Stack names and state keys start with the file's name, so don't rename it
# once something is deployed. Editors that know YAML complete and check it by the schema beside it, and
# \`npx central-trail check\` says all that is wrong. Entries in comments are examples.
#
# Account IDs stand in quotes: YAML reads 012345678901 as a number and loses its leading zero.

# Only where the environment is made to be destroyed, and from the first deploy on.
# throwaway: true

# The account that owns the log bucket and its key. Its own trail logs there too.
destination:
  account: ${account(destinationAccount)}
  # name: log-archive # for people, in messages
  region: ${scalar(region)} # home region of the trail, and region of bucket and key
  bucket: ${scalar(answers.bucket)} # made by the deploy; bucket names are global
  # prefix: org # keys are org/AWSLogs/<account>/...
  encryption:
    type: sse-kms # a key of our own; sse-kms-existing takes a key you have, sse-s3 takes none
  # retention: # without it, logs stay for ever
  #   transitionToGlacierDays: 90 # files from 128 KB on; verify, events and Athena can't read them there
  #   expireDays: 2557 # seven years
  #   noncurrentExpireDays: 90
  # accessLogBucket: example-org-trail-access-logs # made too: who read the logs
  # Past some 90 accounts a policy with every trail's ARN is full; \`check\` then says which shapes fit.
  # bucketPolicyShape: own-prefix # or trail-arns, account-list, organization
  # keyPolicyShape: account-list # or trail-arns
  # organizationId: o-a1b2c3d4e5 # for bucketPolicyShape: source-org-id
  # Who may read whose logs: roles and users of any account. They must exist when the deploy runs.
  # readers:
  #   - name: security-team
  #     principals: [arn:aws:iam::555555555555:role/security-audit]
  #     accounts: [all]
  # Denies bind administrators too; only the break-glass role is spared.
  # hardening:
  #   denyOtherEncryption: true
  #   denyLogDeletion: true
  #   denyPolicyChange: true # spares the deployer as well
  #   readersOnly: true
  #   breakGlassRole: break-glass
  # objectLock: { mode: GOVERNANCE, days: 365 } # S3 never turns it off again
  # notifications: # of each log file
  #   topicName: org-trail-log-files
  #   queueName: org-trail-log-files
  # query: # with Athena
  #   resultsBucket: example-org-trail-query-results # made too
  #   firstDay: 2026-01-01 # before it there are no logs
  policyWaitSeconds: 30 # bucket and key policies take effect with delay

# The other accounts, each once. Add an entry and deploy to add an account. To remove one, first deploy
# with retiring: true, which deletes its trail while the policies still let it in; then remove the entry.
${membersText(members.map(account), region)}
# What all trails have. An account can have a trail of its own with other settings.
trail:
  name: central-trail
  # multiRegion: true
  # logFileValidation: true
  # events: # beside management events; data events cost
  #   preset: s3-write # or management-only, s3-read, s3-all, cis-3.8, cis-3.9, cis-3.8-and-3.9
  # insights: [ApiCallRateInsight, ApiErrorRateInsight]

# The role that Terraform assumes in every account. It must exist there and trust whoever deploys.
deployer:
  role: ${scalar(role)}
  externalId: ${scalar(externalId)}
  # planRole: central-trail-planner # in every account too: what plan, drift, verify and events assume; it only reads

# Terraform's state, locked by S3's own lock file. The bucket must exist.
state:
  backend: s3
  bucket: ${scalar(answers.stateBucket)}
  region: ${scalar(region)}
  # roleArn: arn:aws:iam::555555555555:role/central-trail-state # without it, with your own credentials
  # planRoleArn: arn:aws:iam::555555555555:role/central-trail-state-reader # where there are planRole and roleArn

# On every resource. Values are text, so numbers stand in quotes.
# tags:
#   team: security
#   cost-center: "4711"

# Opt-in regions that may be home regions: listing one says that every account here has opted in.
${optIn ? `optInRegions: [${scalar(region)}]` : "# optInRegions: [eu-south-1]"}

# Of the AWS provider. Without it: what the installed @cdktf/provider-aws asks for.
# awsProviderVersion: ~> 5.100
`;
}

function membersText(members: readonly string[], region: string): string {
  if (members.length === 0)
    return `members: []
#   - account: "444455556666"
#     name: workloads
#     region: ${scalar(region)}
`;
  const entries = members.map(
    (account) => `  - account: ${account}\n    region: ${scalar(region)}\n`,
  );
  return `members:\n${entries.join("")}`;
}

/** A value as YAML on one line, in quotes where YAML would read something else than text. */
function scalar(value: string): string {
  const text = stringify(value, { lineWidth: 0 }).trim();
  // JSON is YAML, and never takes a second line.
  return text.includes("\n") ? JSON.stringify(value) : text;
}
