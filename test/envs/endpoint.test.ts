import { BASE, problemsOf } from "./base-file";

const file = (endpoint: string, throwaway = false): string =>
  `${throwaway ? "throwaway: true\n" : ""}${BASE}endpoint: ${JSON.stringify(endpoint)}\n`;

test.each([
  "http://127.0.0.1:4566",
  "https://127.255.255.254",
  "http://localhost:4566/",
  "http://LOCALHOST:4566",
  "http://[::1]:4566",
  "http://127.0.0.1:65535",
  "http://[0:0:0:0:0:0:0:1]",
  "http://[::ffff:127.0.0.1]:4566",
  "http://[::ffff:7f00:1]",
])("this computer: %s", (endpoint) => {
  expect(problemsOf(file(endpoint))).toEqual([]);
});

const ELSEWHERE = [
  "http://evil.example",
  "https://sts.amazonaws.com.evil.example",
  "http://127.0.0.1.evil.com",
  "http://localhost.evil",
  "http://localhost.",
  "http://evil-localhost",
  "http://127.1",
  "http://127.0.0.1.",
  "http://127.0.0.01",
  "http://0127.0.0.1",
  "http://128.0.0.1",
  "http://0.0.0.0",
  "http://169.254.169.254",
  "http://2130706433",
  "http://0x7f000001",
  "http://0x7f.0.0.1",
  "http://[::]",
  "http://[::2]",
  "http://[::ffff:10.0.0.1]",
  "http://[::ffff:0:127.0.0.1]",
  "http://[::127.0.0.1]",
];

test.each(ELSEWHERE)("another computer, which the file alone can't name: %s", (endpoint) => {
  const found = `${endpoint}, which is not this computer: the roles' credentials would be used there`;
  for (const [throwaway, hosts] of [
    [false, []],
    [true, []],
    [true, ["other.example", ""]],
    [false, [new URL(endpoint).hostname, "evil.example"]],
  ] as const)
    expect(problemsOf(file(endpoint, throwaway), hosts)).toEqual([
      expect.stringContaining(` endpoint | ${found} | `),
    ]);
});

test.each([
  "http://127.0.0.1@evil.com",
  "http://user:secret@127.0.0.1",
  "http://127.0.0.1:4566@evil.com",
  "http://127.0.0.1#@evil.com",
  "http://127.0.0.1\\@evil.com",
  "http://127.0.0.1/..//evil.com",
  "http://127.0.0.1?x=http://evil.com",
  "http://127.0.0.1 http://evil.com",
  "http://127.0.0.1\n.evil.com",
  "http://127.0.0.1%2eevil.com",
  "http://1\u06627.0.0.1",
  "http://\uff11\uff12\uff17.0.0.1",
  "http://loc\u0430lhost",
  "http://[::1].evil.com",
  "http://[::1%25eth0]",
  "http://[127.0.0.1]",
  "http://[....]",
  "http://[:::]",
  "//evil.com",
  "http:127.0.0.1",
  "http:///127.0.0.1",
  "HTTP://127.0.0.1",
  "file:///etc/passwd",
  "ftp://127.0.0.1",
  "unix:///run/docker.sock",
  "127.0.0.1:4566",
  "http://127.0.0.1:0",
  "http://127.0.0.1:65536",
  "http://[::1]:99999",
])("no host that all read alike: %j", (endpoint) => {
  const hosts = ["evil.com", "evil", "127.0.0.1", "::1"];
  expect(problemsOf(file(endpoint, true), hosts)).not.toEqual([]);
  expect(problemsOf(file(endpoint))).not.toEqual([]);
});

test("another computer takes both: a throwaway environment, and a host that whoever runs it listed", () => {
  const endpoint = "http://Aws.Test:4566";
  expect(problemsOf(file(endpoint, true), ["aws.test"])).toEqual([]);
  const fix = (throwaway: boolean, hosts: readonly string[]): string | undefined =>
    problemsOf(file(endpoint, throwaway), hosts)[0]?.split(" | ")[3];
  expect(fix(true, [])).toBe(
    "leave endpoint out for AWS, or list aws.test in CENTRAL_TRAIL_ENDPOINT_HOSTS where the command runs",
  );
  expect(fix(false, ["aws.test"])).toBe(
    "leave endpoint out for AWS, or write throwaway: true, for an environment made to be destroyed",
  );
  expect(fix(false, [])).toMatch(/throwaway: true, .*, and list aws\.test in CENTRAL/);
  expect(problemsOf(file("http://[fd00::1]", true), ["fd00::1"])).toEqual([]);
});
