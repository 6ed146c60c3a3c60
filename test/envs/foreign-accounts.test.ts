import { stringify } from "yaml";
import { checkEnvironment } from "../../envs/check";
import { foreignAccountWarnings } from "../../envs/rules/foreign-account-warnings";
import { environmentFile } from "../../envs/schema/schema";
import { EVERY_SETTING } from "../support/every-setting";
import { schemaTexts, textPlaces, withAt } from "../support/schema-texts";

function warningsOf(file: unknown): string[] {
  const { environment, problems } = checkEnvironment("every", "every.yaml", stringify(file));
  if (environment === undefined) throw new Error(JSON.stringify(problems));
  return foreignAccountWarnings(environment);
}

const PLACES = EVERY_SETTING.flatMap((file) =>
  textPlaces(file, new Set(schemaTexts(environmentFile))).flatMap((place) => {
    const text = place.path.reduce<unknown>(
      (value, step) => (value as Record<PropertyKey, unknown>)[step],
      file,
    );
    return typeof text === "string" && /^arn:[^:]+:[^:]*:[^:]*:\d{12}:/.test(text)
      ? [{ ...place, file, text }]
      : [];
  }),
);

/** Rules refuse these outright: they must be of their entry's account. */
const REFUSED = [
  ".destination.hardening.breakGlassRole",
  ".members.*.role",
  ".members.*.planRole",
  ".destination.role",
  ".destination.planRole",
];

test("an ARN of another account is warned of wherever an ARN may stand", () => {
  const told = new Set<string>();
  for (const { file, path, pattern, text } of PLACES) {
    const foreign = withAt(file, path, text.replace(/:\d{12}:/, ":999999999999:"));
    const { environment } = checkEnvironment("every", "every.yaml", stringify(foreign));
    if (environment === undefined) {
      expect(REFUSED).toContain(pattern);
      continue;
    }
    const warnings = foreignAccountWarnings(environment);
    expect(warnings).toContainEqual(
      expect.stringMatching(
        / is arn:\S+, of account 999999999999, which this file does not have: /,
      ),
    );
    told.add(pattern);
  }
  expect([...told]).toEqual(
    expect.arrayContaining([
      ".destination.readers.*.principals.*",
      ".destination.encryption.keyArn",
      ".state.roleArn",
      ".state.planRoleArn",
      ".state.kmsKeyArn",
    ]),
  );
});

test("it says where, and nothing of the file's own accounts nor of texts for people", () => {
  const base = {
    destination: { account: "111111111111", region: "us-east-1", bucket: "own-logs" },
    deployer: { role: "deployer" },
  };
  const own = { backend: "s3", bucket: "states", region: "us-east-1" };
  const role = (account: string): string => `arn:aws:iam::${account}:role/state`;
  const tags = { owner: role("999999999999") };
  expect(warningsOf({ ...base, tags, state: { ...own, roleArn: role("111111111111") } })).toEqual(
    [],
  );
  expect(warningsOf({ ...base, state: { ...own, roleArn: role("999999999999") } })).toEqual([
    "state.roleArn is arn:aws:iam::999999999999:role/state, of account 999999999999, which this file does not have: make sure that it is yours and meant.",
  ]);
});
