import { compareVersions, satisfies } from "../../../operations/terraform/terraform-version";

test.each([
  ["1.10.0", "1.9.8", 1],
  ["1.10", "1.10.0", 0],
  ["1.12.0-beta1", "1.12.0", -1],
  ["1.12.0-rc10", "1.12.0-rc9", 1],
  ["v1.11.4", "1.11.4", 0],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a))).toBe(-sign + 0);
});

test.each([
  ["5.100.0", "5.100.0", true],
  ["5.100.1", "5.100.0", false],
  ["5.100.0", "~> 5.0", true],
  ["6.0.0", "~> 5.0", false],
  ["5.101.0", "~> 5.100.0", false],
  ["5.100.7", "~> 5.100.0", true],
  ["5.99.0", "~> 5.100", false],
  ["5.95.0", ">= 5.90, < 6.0", true],
  ["6.0.0", ">= 5.90, < 6.0", false],
  ["5.95.0", ">= 5.90, != 5.95.0", false],
  ["6.0.0-beta1", ">= 5.90", false],
  ["6.0.0-beta1", "6.0.0-beta1", true],
])("%s under %s: %s", (version, constraint, met) => {
  expect(satisfies(version, constraint)).toBe(met);
});

test("a constraint that is none is refused with what is expected", () => {
  expect(() => satisfies("5.0.0", "latest")).toThrow(
    `"latest" is not a version constraint; expected conditions like ">= 5.90, < 6.0" or "~> 5.100".`,
  );
});
