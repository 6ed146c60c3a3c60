import { checkEnvironment } from "../../envs/check";
import { BASE, changed, problemsOf } from "./base-file";

const IDENTITY = "two trails with one identity arn:aws:cloudtrail";
const ONCE =
  "each account once, as the destination or as a member | correct the account ID, or remove this entry";
const QUOTED = "an account ID, in quotes";
const DIGITS = "an account ID must have exactly 12 digits, leading zeros included";
const PARTITION =
  "partition aws, since the destination is in us-east-1 | correct it, or give each partition an environment of its own";
const HOME = "a region that every account has from the start, or one that optInRegions lists";
const GLOBAL_EVENTS =
  "a multi-region trail without global service events | includeGlobalServiceEvents: true where multiRegion is true, which is the default | write includeGlobalServiceEvents: true, or multiRegion: false";
const APART =
  "a bucket for each purpose: logs, access logs, query results, state | name another bucket";
const DESTINATION_KEYS =
  "account, name, region, role, planRole, externalId, trail, bucket, prefix, encryption, retention, accessLogBucket, bucketPolicyShape, keyPolicyShape, topicPolicyShape, organizationId, servicePrincipal, readers, hardening, objectLock, notifications, statements, query, policyWaitSeconds";

const DEPLOYER = "role: deployer";
const PLANNING = "role: deployer\n  planRole: planner";
const STATE = "state:\n  backend: s3\n  bucket: states\n  region: us-east-1\n";
const DEPLOYS_TOO =
  "which is the role that deploys too | a role of its own, which only reads | name another role, or leave planRole out";

const inDestination = (lines: string) =>
  changed(["bucket: base-logs", `bucket: base-logs\n  ${lines}`]);
const inLastMember = (lines: string) =>
  changed(["region: eu-west-1", `region: eu-west-1\n    ${lines}`]);

const cases: Record<string, [text: string, ...problems: string[]]> = {
  "an unquoted account ID with a leading zero": [
    changed(['"111111111111"', "012345678901"]),
    `2:12 destination.account | 012345678901, which YAML reads as a number | ${QUOTED} | write "012345678901"`,
  ],
  "an unquoted account ID of 11 digits, for which no account is guessed": [
    changed(['"111111111111"', "12345678901"]),
    `2:12 destination.account | 12345678901, which YAML reads as a number | ${QUOTED} | look the account ID up; if leading zeros were lost, write "012345678901"`,
  ],
  "an octal number": [
    changed(['"222222222222"', "0o1234"]),
    `6:14 members[0].account | 0o1234, which YAML reads as a number | ${QUOTED} | look the account ID up`,
  ],
  "an account ID of 11 digits": [
    changed(['"222222222222"', '"22222222222"']),
    `6:14 members[0].account | "22222222222" | ${DIGITS} | look the account ID up; if leading zeros were lost, write "022222222222"`,
  ],
  "an account ID with hyphens": [
    changed(['"222222222222"', "2222-2222-2222"]),
    `6:14 members[0].account | 2222-2222-2222 | ${DIGITS} | write "222222222222"`,
  ],
  "an account twice, in two regions": [
    changed(['"333333333333"', '"222222222222"']),
    `8:14 members[1].account | 222222222222 again: it is the account of members[0] in line 6 | ${ONCE}`,
  ],
  "two trails with one identity": [
    changed(['"333333333333"', '"222222222222"'], ["eu-west-1", "us-east-1"]),
    `8:14 members[1].account | 222222222222 again: it is the account of members[0] in line 6; ${IDENTITY}:us-east-1:222222222222:trail/central-trail | ${ONCE}`,
  ],
  "two trails with one identity, unquoted": [
    changed(['"333333333333"', "222222222222"], ["eu-west-1", "us-east-1"]),
    `8:14 members[1].account | 222222222222, which YAML reads as a number | ${QUOTED} | write "222222222222"`,
    `8:14 members[1].account | 222222222222 again: it is the account of members[0] in line 6; ${IDENTITY}:us-east-1:222222222222:trail/central-trail | ${ONCE}`,
  ],
  "an account twice with trails of different names": [
    changed(
      ['"333333333333"', '"222222222222"'],
      ["region: eu-west-1", "region: us-east-1\n    trail: { name: other }"],
    ),
    `8:14 members[1].account | 222222222222 again: it is the account of members[0] in line 6 | ${ONCE}`,
  ],
  "an account twice with a trail name that is not a name, so that no identity is known": [
    `${changed(['"333333333333"', '"222222222222"'], ["eu-west-1", "us-east-1"])}trail: { name: x }\n`,
    `8:14 members[1].account | 222222222222 again: it is the account of members[0] in line 6 | ${ONCE}`,
    "12:16 trail.name | x | a trail name must have 3 to 128 characters | write something like name: central-trail",
  ],
  "the destination listed as a member": [
    changed(['"333333333333"', '"111111111111"']),
    `8:14 members[1].account | 111111111111 again: it is the account of destination in line 2 | ${ONCE}`,
  ],
  "an unknown key at the top": [
    changed(["members:", "membres:"]),
    "5:1 membres | an unknown key | throwaway, destination, members, trail, deployer, state, tags, optInRegions, awsProviderVersion, endpoint, acknowledgements | did you mean members?",
  ],
  "unknown keys further down, one of them like none that exists": [
    inDestination("encrption: {}\n  colour: red"),
    `5:3 destination.encrption | an unknown key | ${DESTINATION_KEYS} | did you mean encryption?`,
    `6:3 destination.colour | an unknown key | ${DESTINATION_KEYS} | remove it`,
  ],
  "a bucket name with capitals": [
    changed(["base-logs", "Base_Logs"]),
    "4:11 destination.bucket | Base_Logs | a bucket name may hold only lower-case letters, digits, periods and hyphens | write base-logs",
  ],
  "a bucket name like an IP address": [
    changed(["base-logs", "10.0.0.1"]),
    "4:11 destination.bucket | 10.0.0.1 | a bucket name may not look like an IP address | write something like bucket: example-org-trail-logs",
  ],
  "a trail name for all": [
    `${BASE}trail:\n  name: my--trail\n`,
    "13:9 trail.name | my--trail | a trail name may not have two of . _ - next to each other | write my-trail",
  ],
  "a trail name for one member": [
    inLastMember("trail: { name: -trail }"),
    "10:20 members[1].trail.name | -trail | a trail name must start with a letter or a digit | write trail",
  ],
  "a prefix that ends in AWSLogs/": [
    inDestination("prefix: org/AWSLogs/"),
    "5:11 destination.prefix | org/AWSLogs/ | a prefix may not hold AWSLogs/: CloudTrail adds that part itself | write org",
  ],
  "an empty prefix": [
    inDestination('prefix: ""'),
    '5:11 destination.prefix | "" | a prefix may not be empty; leave it out for no prefix | remove it for no prefix, or write something like prefix: org',
  ],
  "key and bucket in different regions": [
    inDestination(
      "encryption:\n    type: sse-kms-existing\n    keyArn: arn:aws:kms:eu-west-1:111111111111:key/1234abcd",
    ),
    "7:13 destination.encryption.keyArn | a key in eu-west-1 | a key in us-east-1, the region of the bucket | name a key of us-east-1, or move the bucket",
  ],
  "multi-region without global service events, for all accounts, said once": [
    `${BASE}trail: { includeGlobalServiceEvents: false }\n`,
    `12:38 trail.includeGlobalServiceEvents | ${GLOBAL_EVENTS}`,
  ],
  "multi-region without global service events, for one account": [
    inLastMember("trail: { includeGlobalServiceEvents: false }"),
    `10:42 members[1].trail.includeGlobalServiceEvents | ${GLOBAL_EVENTS}`,
  ],
  "multi-region from the account, no global service events from the file": [
    `${inLastMember("trail: { multiRegion: true }")}trail: { multiRegion: false, includeGlobalServiceEvents: false }\n`,
    `10:27 members[1].trail.multiRegion | ${GLOBAL_EVENTS}`,
  ],
  "an opt-in region as home": [
    changed(["eu-west-1", "eu-south-1"]),
    `9:13 members[1].region | eu-south-1, an opt-in region | ${HOME} | take another region (Or, once every account here has opted in, add optInRegions: [eu-south-1])`,
  ],
  "a misspelt region, which looks like a new one": [
    changed(["eu-west-1", "eu-wset-1"]),
    `9:13 members[1].region | eu-wset-1, a region that is not known here | ${HOME} | did you mean eu-west-1? (Or, once every account here has opted in, add optInRegions: [eu-wset-1])`,
  ],
  "an availability zone": [
    changed(["eu-west-1", "eu-west-1a"]),
    "9:13 members[1].region | eu-west-1a | a region name must look like eu-central-1 | write eu-west-1",
  ],
  "a member in another partition": [
    changed(["eu-west-1", "us-gov-west-1"]),
    `9:13 members[1].region | us-gov-west-1, which is in partition aws-us-gov | ${PARTITION}`,
  ],
  "a role in another partition": [
    inLastMember("role: arn:aws-cn:iam::333333333333:role/x"),
    `10:11 members[1].role | arn:aws-cn:iam::333333333333:role/x, which is in partition aws-cn | ${PARTITION}`,
  ],
  "state in another partition, with the log bucket's name": [
    `${BASE}state:
  backend: s3
  bucket: base-logs
  region: cn-north-1
  roleArn: arn:aws-cn:iam::111111111111:role/x
  kmsKeyArn: arn:aws-cn:kms:cn-northwest-1:111111111111:key/k
`,
    `14:11 state.bucket | base-logs, which is destination.bucket in line 4 too | ${APART}`,
    `15:11 state.region | cn-north-1, which is in partition aws-cn | ${PARTITION}`,
    `16:12 state.roleArn | arn:aws-cn:iam::111111111111:role/x, which is in partition aws-cn | ${PARTITION}`,
    `17:14 state.kmsKeyArn | arn:aws-cn:kms:cn-northwest-1:111111111111:key/k, which is in partition aws-cn | ${PARTITION}`,
    "17:14 state.kmsKeyArn | a key in cn-northwest-1 | a key in cn-north-1, the region of the bucket | name a key of cn-north-1, or move the bucket",
  ],
  "another account's role": [
    inLastMember("role: arn:aws:iam::222222222222:role/x"),
    "10:11 members[1].role | a role of account 222222222222 | a role of account 333333333333 | correct the account ID in the ARN, or write only the role's name",
  ],
  "another account's role for plans": [
    inLastMember("planRole: arn:aws:iam::222222222222:role/x").replace(DEPLOYER, PLANNING),
    "10:15 members[1].planRole | a role of account 222222222222 | a role of account 333333333333 | correct the account ID in the ARN, or write only the role's name",
  ],
  "a role for plans in one account alone": [
    inLastMember("planRole: x"),
    "10:15 members[1].planRole | x, and no deployer.planRole | a role for plans in every account, or in none | add deployer.planRole: <the role's name in the other accounts>, or remove this one",
  ],
  "a role for plans that deploys, in all accounts and in one": [
    inLastMember("role: a/b\n    planRole: arn:aws:iam::333333333333:role/a/b").replace(
      DEPLOYER,
      `${DEPLOYER}\n  planRole: deployer`,
    ),
    `11:15 members[1].planRole | arn:aws:iam::333333333333:role/a/b, ${DEPLOYS_TOO}`,
    `14:13 deployer.planRole | deployer, ${DEPLOYS_TOO}`,
  ],
  "a role for plans, and one for the state that writes": [
    `${changed([DEPLOYER, PLANNING])}${STATE}  roleArn: arn:aws:iam::111111111111:role/s\n`,
    "17:12 state.roleArn | a role that writes the state, and no planRoleArn beside deployer.planRole | roleArn together with planRoleArn, the role that only reads the state | add planRoleArn: <a role's ARN>; `central-trail policies` prints what it needs",
  ],
  "a role for plans of the state alone": [
    `${BASE}${STATE}  planRoleArn: arn:aws:iam::111111111111:role/s\n`,
    "16:16 state.planRoleArn | arn:aws:iam::111111111111:role/s, and no deployer.planRole | a role for plans in the accounts and for the state, or neither | add deployer.planRole: <a role's name>, or remove this one",
  ],
  "one role of the state for both, in another partition": [
    `${changed([DEPLOYER, PLANNING])}${STATE}  roleArn: &state arn:aws-cn:iam::111111111111:role/s\n  planRoleArn: *state\n`,
    `17:19 state.roleArn | arn:aws-cn:iam::111111111111:role/s, which is in partition aws-cn | ${PARTITION}`,
    `18:16 state.planRoleArn | arn:aws-cn:iam::111111111111:role/s, which is in partition aws-cn | ${PARTITION}`,
    "18:16 state.planRoleArn | arn:aws-cn:iam::111111111111:role/s, which is state.roleArn too | a role of its own, which only reads the state | name another role",
  ],
  "a break-glass role that plans": [
    inDestination("hardening: { breakGlassRole: planner }").replace(DEPLOYER, PLANNING),
    "5:32 destination.hardening.breakGlassRole | planner, which is the role for plans too | a role of its own, so that no plan can delete logs | name a role that nobody uses from day to day",
  ],
  "an ARN as everybody's role": [
    changed(["role: deployer", "role: arn:aws:iam::222222222222:role/a/b"]),
    "11:9 deployer.role | arn:aws:iam::222222222222:role/a/b | a role name may not be an ARN, since every account has a role of that name | write a/b",
  ],
  "access logs into the log bucket": [
    inDestination("accessLogBucket: base-logs"),
    `5:20 destination.accessLogBucket | base-logs, which is destination.bucket in line 4 too | ${APART}`,
  ],
  "logs that expire before they move": [
    inDestination("retention: { transitionToGlacierDays: 90, expireDays: 90 }"),
    "5:57 destination.retention.expireDays | 90, with a transition to Glacier after 90 days | more than 90 days | expire later, or leave transitionToGlacierDays out",
  ],
  "numbers out of range, in quotes, and none at all": [
    inDestination(
      'encryption: { type: sse-kms, deletionWindowDays: 6 }\n  retention: { expireDays: "90" }\n  policyWaitSeconds: soon',
    ),
    "5:52 destination.encryption.deletionWindowDays | 6 | a whole number from 7 to 30 | write something like deletionWindowDays: 30",
    '6:28 destination.retention.expireDays | "90" | a whole number from 1 to 36500 | write 90',
    "7:22 destination.policyWaitSeconds | soon | a whole number from 0 to 600 | write something like policyWaitSeconds: 30",
  ],
  "a shape, a service and a lock that are none": [
    inDestination(
      "bucketPolicyShape: own-prefx\n  keyPolicyShape: organization\n  organizationId: r-1\n  servicePrincipal: s3.amazonaws.com\n  objectLock: { mode: governance, days: 0 }\n  notifications: { topicName: log files }",
    ),
    "5:22 destination.bucketPolicyShape | own-prefx | one of trail-arns, own-prefix, account-list, source-org-id | did you mean own-prefix?",
    "6:19 destination.keyPolicyShape | organization | one of trail-arns, account-list | write something like keyPolicyShape: trail-arns",
    "7:19 destination.organizationId | r-1 | an organization's ID must be o- and 10 to 32 lower-case letters or digits | write something like organizationId: o-a1b2c3d4e5",
    "8:21 destination.servicePrincipal | s3.amazonaws.com | a service principal must be one of cloudtrail.amazonaws.com, cloudtrail.amazonaws.com.cn, cloudtrail.amazonaws.eu, cloudtrail.c2s.ic.gov, cloudtrail.sc2s.sgov.gov, cloudtrail.cloud.adc-e.uk, cloudtrail.csp.hci.ic.gov | write something like servicePrincipal: cloudtrail.amazonaws.com",
    "9:23 destination.objectLock.mode | governance | one of GOVERNANCE, COMPLIANCE | did you mean GOVERNANCE?",
    "9:41 destination.objectLock.days | 0 | a whole number from 1 to 36500 | write something like days: 365",
    "10:31 destination.notifications.topicName | log files | a topic's name must have 1 to 256 letters, digits, hyphens and underscores | write log-files",
  ],
  "a query of what is none": [
    inDestination(
      `query:
    resultsBucket: Base_Results
    firstDay: 2026/01/31
    accountProjection: list
    regions: [us-east1]
    resultsExpireDays: 0
    bytesScannedCutoffPerQuery: 1000
    database: Central-Trail
    workgroup: central trail`,
    ),
    "6:20 destination.query.resultsBucket | Base_Results | a bucket name may hold only lower-case letters, digits, periods and hyphens | write base-results",
    "7:15 destination.query.firstDay | 2026/01/31 | a day must look like 2026-01-31 | write 2026-01-31",
    "8:24 destination.query.accountProjection | list | one of enum, injected | write something like accountProjection: enum",
    "9:15 destination.query.regions[0] | us-east1 | a region name must look like eu-central-1 | write us-east-1",
    "10:24 destination.query.resultsExpireDays | 0 | a whole number from 1 to 36500 | write something like resultsExpireDays: 365",
    "11:33 destination.query.bytesScannedCutoffPerQuery | 1000 | a whole number from 10485760 to 9007199254740991 | write something like bytesScannedCutoffPerQuery: 107374182400",
    "12:15 destination.query.database | Central-Trail | a database's name must have 1 to 128 lower-case letters, digits and underscores, a letter first | write central_trail",
    "13:16 destination.query.workgroup | central trail | a workgroup's name must have 1 to 128 letters, digits or . _ - | write central-trail",
  ],
  "a query that does not fit the rest": [
    inDestination(
      `query:
    resultsBucket: base-logs
    firstDay: 2026-02-30
    regions: [us-east-1, us-east-1, cn-north-1]
    resultsKmsKeyArn: arn:aws:kms:eu-west-1:111111111111:key/1234abcd`,
    ),
    `6:20 destination.query.resultsBucket | base-logs, which is destination.bucket in line 4 too | ${APART}`,
    "7:15 destination.query.firstDay | 2026-02-30 | a day must be a day of the calendar | write something like firstDay: 2026-01-31",
    "8:14 destination.query.regions | a list without eu-west-1 | a list with the home region of every account, or none | add eu-west-1, or remove regions to query all",
    "8:26 destination.query.regions[1] | us-east-1 again | each region once | remove one of the two",
    `8:37 destination.query.regions[2] | cn-north-1, which is in partition aws-cn | ${PARTITION}`,
    "9:23 destination.query.resultsKmsKeyArn | a key in eu-west-1 | a key in us-east-1, the region of the bucket | name a key of us-east-1, or move the bucket",
  ],
  "a query without bucket and first day": [
    inDestination("query: {}"),
    "5:3 destination.query.resultsBucket | nothing | a bucket name, such as example-org-trail-logs | write resultsBucket: example-org-trail-logs",
    "5:3 destination.query.firstDay | nothing | a day, such as 2026-01-31 | write firstDay: 2026-01-31",
  ],
  "the organization without its ID, and shapes of what is not made": [
    inDestination(
      "bucketPolicyShape: source-org-id\n  keyPolicyShape: account-list\n  topicPolicyShape: account-list\n  encryption: { type: sse-s3 }",
    ),
    "5:22 destination.bucketPolicyShape | source-org-id, and no organizationId | source-org-id together with the organization's ID | add organizationId: o-…, or choose another shape",
    "6:19 destination.keyPolicyShape | account-list, with encryption of type sse-s3 | a shape where the destination makes the key (sse-kms) | remove it, or let the destination make a key",
    "7:21 destination.topicPolicyShape | account-list, and no notifications | a shape where the destination makes a topic | remove it, or add notifications",
  ],
  "readers that are none, or read what nobody logs": [
    inDestination(`readers:
    - name: 1 team
      principals: ["arn:aws:iam::999999999999:root"]
      accounts: ["222222222222", "222222222222", "444444444444", all]
    - name: audit
      principals: ["arn:aws-cn:iam::999999999999:role/audit", "arn:aws:iam::999999999999:user/a"]
      accounts: [all]
    - name: Aud-it
      principals: ["arn:aws:iam::999999999999:user/a"]
      accounts: []`),
    "6:13 destination.readers[0].name | 1 team | a reader's name must have 1 to 40 letters, digits and hyphens, a letter first | write team",
    '7:20 destination.readers[0].principals[0] | "arn:aws:iam::999999999999:root" | a reader\'s ARN must be arn:<partition>:iam::<account>:role/<name>, or user/<name> (no account, no session, no wildcard) | write something like arn:aws:iam::123456789012:role/security-audit',
    "8:34 destination.readers[0].accounts[1] | 222222222222 again | each account once | remove one of the two",
    "8:50 destination.readers[0].accounts[2] | 444444444444, which is not an account of this file | the destination's account, or a member's | correct it, or add the account as a member",
    "8:66 destination.readers[0].accounts[3] | all beside accounts | [all] alone, or accounts | remove the accounts, or all",
    `10:20 destination.readers[1].principals[0] | arn:aws-cn:iam::999999999999:role/audit, which is in partition aws-cn | ${PARTITION}`,
    "12:13 destination.readers[2].name | Aud-it again: it is destination.readers[1].name in line 9 | each name and each principal once, hyphens and capitals of names aside | give one entry all of its accounts, and remove the other",
    "13:20 destination.readers[2].principals[0] | arn:aws:iam::999999999999:user/a again: it is destination.readers[1].principals[1] in line 10 | each name and each principal once, hyphens and capitals of names aside | give one entry all of its accounts, and remove the other",
    "14:17 destination.readers[2].accounts | an empty list | at least one item | add an item",
  ],
  "denies without the role that they spare": [
    inDestination("hardening: { denyOtherEncryption: true, denyPolicyChange: true }"),
    "5:61 destination.hardening.denyPolicyChange | true, and no breakGlassRole | denyPolicyChange together with the role that it spares | add breakGlassRole: <a role of the destination's account>",
  ],
  "a break-glass role that is the deployer's": [
    inDestination("hardening: { breakGlassRole: deployer }"),
    "5:32 destination.hardening.breakGlassRole | deployer, which is the deployer's role too | a role of its own, so that no deploy can delete logs | name a role that nobody uses from day to day",
  ],
  "a break-glass role of another account": [
    inDestination("hardening: { breakGlassRole: arn:aws:iam::222222222222:role/x }"),
    "5:32 destination.hardening.breakGlassRole | a role of account 222222222222 | a role of account 111111111111, the destination's | correct the account ID in the ARN, or write only the role's name",
  ],
  "a throwaway environment that could not be destroyed": [
    `throwaway: true\n${inDestination("hardening: { denyLogDeletion: true, breakGlassRole: x }\n  objectLock: { mode: COMPLIANCE, days: 1 }")}`,
    "6:33 destination.hardening.denyLogDeletion | true, with throwaway | what lets a throwaway environment be destroyed | leave it out, or throwaway",
    "7:23 destination.objectLock.mode | COMPLIANCE, with throwaway | what lets a throwaway environment be destroyed | leave it out, or throwaway",
  ],
  "files that expire while they are locked": [
    inDestination("retention: { expireDays: 30 }\n  objectLock: { mode: GOVERNANCE, days: 31 }"),
    "6:41 destination.objectLock.days | 31, with files that expire after 30 days | at most 30 days | lock for less long, or expire later",
  ],
  "a word for true": [
    `throwaway: yes\n${BASE}`,
    "1:12 throwaway | yes | true or false | write true",
  ],
  "an unknown kind of encryption, with keys that can't be checked": [
    inDestination("encryption: { type: sse-kmss, keyArn: 5 }"),
    "5:23 destination.encryption.type | sse-kmss | sse-kms, sse-kms-existing, sse-s3 | did you mean sse-kms?",
  ],
  "a state without its backend, and one that is not a mapping": [
    `${BASE}state: { bucket: state }\n`,
    "12:1 state.backend | nothing | local, s3 | add backend: local",
  ],
  "a word where a mapping belongs": [
    `${BASE}state: s3\n`,
    "12:8 state | s3 | a mapping with backend | write its keys below it, indented",
  ],
  "tags that are numbers, have AWS's prefix": [
    `${BASE}tags:\n  cost: 0042\n  aws:x: y\n`,
    '13:9 tags.cost | 0042, which YAML reads as a number | a tag value, in quotes | write "0042"',
    '14:3 tags["aws:x"] | the key "aws:x" | a tag key may not start with aws:, which AWS keeps | rename it',
  ],
  "more tags than a trail can have": [
    `${BASE}tags:\n${Array.from({ length: 51 }, (_, tag) => `  t${tag}: x\n`).join("")}`,
    "12:1 tags | 51 tags | at most 50, the limit of a trail | remove 1",
  ],
  "no destination": [
    BASE.slice(BASE.indexOf("members:")),
    "1:1 destination | nothing | a mapping with account, region, bucket | write its keys below it, indented",
  ],
  "a list without items": [
    `destination: { account: "111111111111", region: us-east-1, bucket: base-logs }
members:
deployer: { role: deployer }
`,
    "2:1 members | nothing | a list | write each item on a line that starts with -, or remove it",
  ],
  "a member without anything, and one without a region": [
    changed(["    region: eu-west-1\n", "  -\n"]),
    "8:5 members[1].region | nothing | a region name, such as eu-central-1 | write region: eu-central-1",
    "9:4 members[2] | nothing | a mapping with account, region | write its keys below it, indented",
  ],
  "acknowledgements of unknown guards, without reasons, and twice": [
    `${BASE}acknowledgements:
  - { guard: trail-stop, subject: "222222222222", reason: decided in ticket 4711 }
  - { guard: trail-stops, subject: 222222222222, reason: ok }
  - { guard: trail-stops, subject: "333333333333", reason: decided in ticket 4711 }
  - { guard: trail-stops, subject: "333333333333", reason: decided in ticket 4712 }
`,
    expect.stringMatching(
      /^13:14 acknowledgements\[0\].guard \| trail-stop \| one of account-cut-off, .* \| did you mean trail-stops\?$/,
    ) as string,
    '14:36 acknowledgements[1].subject | 222222222222, which YAML reads as a number | a subject, in quotes | write "222222222222"',
    "14:58 acknowledgements[1].reason | ok | a reason must have 10 to 500 characters: who reads it later has nothing else | say why it is all right, and who decided it",
    "16:36 acknowledgements[3].subject | trail-stops for 333333333333 again: it is acknowledged in line 15 | one acknowledgement for a guard and its subject | remove one of them",
  ],
  "acknowledgements until what is not a day": [
    `${BASE}acknowledgements:
  - { guard: trail-stops, subject: "222222222222", reason: decided in ticket 4711, until: 2027-02-29 }
  - { guard: trail-stops, subject: "333333333333", reason: decided in ticket 4711, until: 31.12.2026 }
  - { guard: trail-stops, subject: "444444444444", reason: decided in ticket 4711, until: 2026/12/31 }
  - { guard: trail-stops, subject: "555555555555", reason: decided in ticket 4711, until: never }
`,
    "13:91 acknowledgements[0].until | 2027-02-29 | a day must be a day of the calendar | write something like until: 2026-01-31",
    "14:91 acknowledgements[1].until | 31.12.2026 | a day must look like 2026-01-31 | write something like until: 2026-01-31",
    "15:91 acknowledgements[2].until | 2026/12/31 | a day must look like 2026-01-31 | write 2026-12-31",
    "16:91 acknowledgements[3].until | never | a day must look like 2026-01-31 | write something like until: 2026-01-31",
  ],
  "a version and an endpoint": [
    `${BASE}awsProviderVersion: latest\nendpoint: localhost:4566\n`,
    "12:21 awsProviderVersion | latest | a Terraform version constraint must look like ~> 5.100 or >= 5.100, < 6.0 | write something like awsProviderVersion: ~> 5.100",
    "13:11 endpoint | localhost:4566 | an endpoint must be http:// or https:// and a host, with a port where needed | write something like endpoint: http://127.0.0.1:4566",
  ],
};

test.each(Object.entries(cases))("says what is wrong: %s", (_, [text, ...expected]) => {
  expect(problemsOf(text)).toEqual(expected);
});

test("nothing is wrong with the file that the cases change", () => {
  expect(problemsOf(BASE)).toEqual([]);
});

test("all problems come at once, of syntax, of entries and between entries, in the order of lines", () => {
  const text = `destination:
  account: 111111111111
  region: eu-south-1
  bucket: Logs
  bucket: Logs
members:
  - account: "111111111111"
    region: cn-north-1
    retring: true
deployer: {}
`;
  const places = problemsOf(text).map((problem) => problem.split(" | ", 1)[0]);
  expect(places).toEqual([
    "2:12 destination.account",
    "3:11 destination.region",
    "5:3 ",
    "5:11 destination.bucket",
    "7:14 members[0].account",
    "8:13 members[0].region",
    "9:5 members[0].retring",
    "10:1 deployer.role",
  ]);
});

test("an entry that the schema refuses stands in no rule's way, and no rule speaks about it", () => {
  const text = `${changed(["bucket: base-logs", "bucket: 5"])}state:
  backend: s3
  bucket: base-logs
  region: us-east-1
`;
  expect(problemsOf(text)).toEqual([
    "4:11 destination.bucket | 5, which YAML reads as a number | a bucket name, in quotes | write something like bucket: example-org-trail-logs",
  ]);
});

test("an opt-in region may be home once the file says that all accounts have opted in", () => {
  const text = changed(["eu-west-1", "eu-south-1"]);
  const { environment } = checkEnvironment("x", "x", `${text}optInRegions: [eu-south-1]\n`);
  expect(environment?.members[1]?.region).toBe("eu-south-1");
});

test("single-region trails go without global service events", () => {
  const text = `${BASE}trail: { multiRegion: false, includeGlobalServiceEvents: false }\n`;
  expect(problemsOf(text)).toEqual([]);
});
