import { dayProblem } from "../../cloudtrail/table/log-table";
import {
  accountIdProblem,
  bucketNameProblem,
  catalogNameProblem,
  externalIdProblem,
  keyAliasProblem,
  keyPrefixProblem,
  LONGEST_ORGANIZATION_ID,
  organizationIdProblem,
  queueNameProblem,
  roleNameProblem,
  roleSessionNameProblem,
  tagKeyProblem,
  tagValueProblem,
  topicNameProblem,
  trailNameProblem,
  workgroupNameProblem,
} from "../../cloudtrail/names";
import { isOptInRegion, isRegionName, KNOWN_REGIONS } from "../../cloudtrail/regions";

const rules: Record<
  string,
  { problem: (value: string) => string | undefined; good: string[]; bad: string[] }
> = {
  "account ID": {
    problem: accountIdProblem,
    good: ["012345678901", "000000000000"],
    bad: ["12345678901", "1234567890123", "12345678901a", "", " 12345678901", "٠١٢٣٤٥٦٧٨٩٠١"],
  },
  "trail name": {
    problem: trailNameProblem,
    good: ["abc", "my-trail", "My_Trail.1", "1ab", "x".repeat(128)],
    bad: ["ab", "x".repeat(129), "my--trail", "my._trail", "-ab", "ab-", "my trail", "10.0.0.1"],
  },
  "bucket name": {
    problem: bucketNameProblem,
    good: ["abc", "a.b-c", "x".repeat(63)],
    bad: [
      "ab",
      "x".repeat(64),
      "Abc",
      "a_b",
      "-abc",
      "abc-",
      "a..b",
      "192.168.5.4",
      "xn--abc",
      "amzn-s3-demo-logs",
      "logs-s3alias",
      "logs--ol-s3",
    ],
  },
  "name of a database": {
    problem: catalogNameProblem,
    good: ["central_trail", "a", "x".repeat(128)],
    bad: ["", "Central", "central-trail", "1a", "_a", "x".repeat(129)],
  },
  "workgroup name": {
    problem: workgroupNameProblem,
    good: ["central-trail", "A.b_1", "x".repeat(128)],
    bad: ["", "a b", "a/b", "x".repeat(129)],
  },
  day: {
    problem: dayProblem,
    good: ["2026-01-31", "2024-02-29", "2000-02-29", "2026-12-01"],
    bad: [
      "2026-02-29",
      "1900-02-29",
      "2026-04-31",
      "2026-13-01",
      "2026-00-01",
      "2026-01-00",
      "2026-1-1",
    ],
  },
  prefix: {
    problem: keyPrefixProblem,
    good: ["org", "org/trails", "notAWSLogs", "x".repeat(200)],
    bad: [
      "",
      "AWSLogs",
      "AWSLogs/",
      "org/AWSLogs/x",
      "/org",
      "org/",
      "a//b",
      "a b",
      "x".repeat(201),
    ],
  },
  "role name": {
    problem: roleNameProblem,
    good: ["deployer", "a+b=c,d.e@f-g_h", "path/to/deployer", "x".repeat(64)],
    bad: ["", "/deployer", "path/", "x".repeat(65), "de ployer", `${"x/".repeat(260)}role`],
  },
  "session name": {
    problem: roleSessionNameProblem,
    good: ["ci", "a@b.c", "x".repeat(64)],
    bad: ["x", "x".repeat(65), "a b", "a/b"],
  },
  "external ID": {
    problem: externalIdProblem,
    good: ["ab", "a:b/c", "x".repeat(1224)],
    bad: ["a", "a b", "x".repeat(1225)],
  },
  "key alias": {
    problem: keyAliasProblem,
    good: ["logs", "org/logs_1-x"],
    bad: ["", "alias/logs", "aws/logs", "a.b", "x".repeat(251)],
  },
  "organization's ID": {
    problem: organizationIdProblem,
    good: ["o-a1b2c3d4e5", LONGEST_ORGANIZATION_ID],
    bad: [
      "",
      "o-a1b2c3d4e",
      `${LONGEST_ORGANIZATION_ID}0`,
      "o-A1b2c3d4e5",
      "r-a1b2c3d4e5",
      "a1b2c3",
    ],
  },
  "topic name": {
    problem: topicNameProblem,
    good: ["log-files", "Log_Files", "x".repeat(256)],
    bad: ["", "log.files", "log files", "files.fifo", "x".repeat(257)],
  },
  "queue name": {
    problem: queueNameProblem,
    good: ["log-files", "x".repeat(80)],
    bad: ["", "log/files", "files.fifo", "x".repeat(81)],
  },
  "tag key": {
    problem: tagKeyProblem,
    good: ["team", "cost center", "größe", "a:b/c=d+e-f@g"],
    bad: ["", "aws:x", "AWS:x", "a*b", "x".repeat(129)],
  },
  "tag value": {
    problem: tagValueProblem,
    good: ["", "security", "x".repeat(256)],
    bad: ["a*b", "x".repeat(257), "a\nb"],
  },
};

describe.each(Object.entries(rules))("%s", (_, { problem, good, bad }) => {
  test.each(good)("%j will do", (value) => {
    expect(problem(value)).toBeUndefined();
  });

  test.each(bad)("%j breaks a rule, said as the end of a sentence", (value) => {
    expect(problem(value)).toMatch(/^(may|must) /);
  });
});

test("every known region has a region's name; those that opened since March 2019 are opt-in", () => {
  expect(KNOWN_REGIONS.filter((region) => !isRegionName(region))).toEqual([]);
  expect(["eu-west-1", "us-gov-west-1", "cn-north-1"].filter(isOptInRegion)).toEqual([]);
  expect(["eu-south-1", "af-south-1", "xx-new-9"].map(isOptInRegion)).toEqual([true, true, true]);
});
