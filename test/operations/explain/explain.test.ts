import { explained, type Question } from "../../../operations/explain/explain";
import { centralTrail } from "../../support/cli";
import { fourAccounts } from "../../support/environment";

function lines(question: Question = {}): string {
  return explained(fourAccounts(), question).lines.join("\n");
}

function result(question: Question = {}): Record<string, unknown> {
  return { ...explained(fourAccounts(), question).result };
}

describe("the whole environment", () => {
  test("as tables, each letter of which is explained in full", () => {
    const text = lines();
    expect(text).toMatch(/^ {2}222222222222 +payments +yes +yes, of 3 +yes +arn:aws:cloudtrail/m);
    expect(text).toMatch(/^ {2}000000000000 +\(any other account\) +no +no +no /m);
    expect(text).toMatch(/^ {2}read the log files of each account +yes +no +if +no +no +no$/m);
    expect(text).toMatch(
      /^ {2}C {2}any principal of 111111111111 whose identity policy allows it can, unless denied by/m,
    );
    expect(text).toMatch(/^ +unless: bucket policy, statement 3 \(DenyInsecureTransport\)/m);
    expect(text).toContain("Not looked at:");
    expect(text).not.toMatch(/nobody/i);
  });

  test("the calls that the policies refuse CloudTrail are lines below its table", () => {
    const environment = fourAccounts();
    const servicePrincipal = "cloudtrail.amazonaws.com.cn";
    const destination = { ...environment.destination, servicePrincipal };
    expect(explained({ ...environment, destination }, {}).lines).toContain(
      "CloudTrail is refused s3:GetBucketAcl by the bucket policy, for the trails of 111111111111, 222222222222, 333333333333, 444444444444.",
    );
    expect(lines()).not.toContain("CloudTrail is refused");
  });

  test("as data", () => {
    const { trails, deeds } = result() as { trails: []; deeds: { what: string; answers: [] }[] };
    expect(trails).toHaveLength(5);
    expect(deeds.map(({ what }) => what)).toContain("change the key policy");
    expect(new Set(deeds.map(({ answers }) => answers.length))).toEqual(new Set([6]));
  });

  test("accounts whose logs different people can read have lines of their own", () => {
    const environment = fourAccounts();
    const readers = [
      {
        name: "audit",
        principals: ["arn:aws:iam::222222222222:role/auditor"],
        accounts: ["222222222222"],
      },
    ];
    const { lines: text } = explained(
      { ...environment, destination: { ...environment.destination, readers } },
      {},
    );
    const reading = text.filter((line) => /^ {2}read the log files of/.test(line));
    expect(reading.map((line) => line.trim().replace(/ {2,}/g, " "))).toEqual([
      "read the log files of 111111111111, 333333333333, 444444444444 yes no no if no no no",
      "read the log files of 222222222222 yes if no if no no no",
    ]);
  });
});

describe("one question", () => {
  const account = "222222222222";
  const key = `AWSLogs/${account}/x`;

  test("may-write says which statement decided, and why the others did not", () => {
    const text = lines({ mayWrite: true, account, key });
    expect(text).toContain("Decided by resource policy, statement 2 (AWSCloudTrailWrite20131101).");
    expect(text).toContain("Decided by resource policy, statement 2 (AllowCloudTrailEncryptLogs).");
    expect(text).toMatch(/^ {2}- .*DenyInsecureTransport.*: Condition Bool/m);
    expect(result({ mayWrite: true, account, key })).toMatchObject({
      trailArn: `arn:aws:cloudtrail:us-east-1:${account}:trail/central-trail`,
      write: { decision: "allowed" },
      encrypt: { decision: "allowed" },
    });
  });

  test.each<[string, Question]>([
    ["a trail of another name", { account, key, trail: "another" }],
    [
      "a trail of another region",
      { account, key, trail: `arn:aws:cloudtrail:eu-west-1:${account}:trail/central-trail` },
    ],
    ["another account's trail", { account: "555555555555", key: "AWSLogs/555555555555/x" }],
    ["a key that is in no folder", { account, key: "x" }],
  ])("%s may not write", (_, question) => {
    expect(result({ mayWrite: true, ...question })).toMatchObject({
      write: { decision: "implicitDeny" },
    });
  });

  test("who can read and who can delete is answered for everyone", () => {
    const text = lines({ whoCanRead: account });
    expect(text).toMatch(/^Who can read the log files of 222222222222\?$/m);
    expect(text).toMatch(
      /^ {2}yes {2}any principal of 111111111111 whose identity policy allows it, unless denied by/m,
    );
    expect(text).toMatch(/^ {2}no {3}anyone without credentials$/m);
    const { deeds } = result({ whoCanDelete: true }) as { deeds: { what: string }[] };
    expect(deeds.map(({ what }) => what.split(" ")[0])).toEqual([
      "delete",
      "delete",
      "let",
      "make",
      "make",
    ]);
  });

  test.each<[string, Question]>([
    ["Ask one thing at a time", { mayWrite: true, whoCanDelete: true, account, key }],
    ["--may-write needs --account <ID> and --key", { mayWrite: true, account }],
    ["--account, --trail and --key belong to --may-write", { key }],
    ['--trail: "-" must have 3 to 128 characters', { mayWrite: true, account, key, trail: "-" }],
    ['--account: "12" must have exactly 12 digits', { mayWrite: true, account: "12", key }],
    ['--who-can-read: "12" must have exactly 12 digits', { whoCanRead: "12" }],
    [
      "is a trail of 333333333333, and --account is 222222222222",
      {
        mayWrite: true,
        account,
        key,
        trail: "arn:aws:cloudtrail:us-east-1:333333333333:trail/central-trail",
      },
    ],
  ])("%s", (message, question) => {
    expect(() => lines(question)).toThrow(message);
  });
});

test("the command asks what its options say, and prints text or JSON", () => {
  const question = ["--may-write", "--account", "222222222222", "--key", "x"];
  const text = centralTrail("explain", "--env", "local", ...question);
  expect({ status: text.status, stderr: text.stderr }).toEqual({ status: 0, stderr: "" });
  expect(text.stdout).toMatch(/^May CloudTrail, for .*222222222222.*, write x\?\nDENIED/);
  const json = centralTrail("explain", "--env", "local", ...question, "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({
    environment: "local",
    write: { decision: "implicitDeny" },
  });
  const wrong = centralTrail("explain", "--env", "local", "--key", "x");
  expect({ status: wrong.status, stdout: wrong.stdout }).toEqual({ status: 1, stdout: "" });
  expect(wrong.stderr).toContain("belong to --may-write");
}, 60_000);
