import { createHash, createPublicKey, verify, sign } from "node:crypto";
import { SigningKeys } from "../../../lab/cloudtrail/signing-keys";

// Making RSA keys can take a second each on a busy machine.
jest.setTimeout(30_000);

const NOW = Date.UTC(2026, 0, 31);
const HOUR = 3_600_000;

test("the fingerprint is made as AWS makes it: its published example", () => {
  // From the AWS CLI's example of list-public-keys.
  const value =
    "MIIBCgKCAQEAlSS3cl92HDycr/MTj0moOhas8habjrraXw+KzlWF0axSI2tcF+3iJ9BKQAVSKxGwxwu3m0wG3J+kUl1xboEcEPHYoIYMbgfSw7KGnuDKwkLzsQWhUJ0cIbOHASox1vv/5fNXkrHhGbDCHeVXm804c83nvHUEFYThr1PfyP/8HwrCtR3FX5OANtQCP61C1nJtSSkC8JSQUOrIP4CuwJjc+4WGDk+BGH5m9iuiAKkipEHWmUl8/P7XpfpWQuk4h8g3pXZOrNXr08lbh4d39svj7UqdhvOXoBISp9t/EXYuePGEtBdrKD9Dz+VHwyUPtBQvYr9BnkF88qBnaPNhS44rzwIDAQAB";
  const md5 = (base64: string): string =>
    createHash("md5").update(Buffer.from(base64, "base64")).digest("hex");
  expect(md5(value)).toBe("7f3f401420072e50a65a141430817ab3");
  const [key] = new SigningKeys(() => NOW).listPublicKeys("eu-west-1").PublicKeyList;
  expect(key!.Fingerprint).toBe(md5(key!.Value));
});

test("each region has a key of its own, which stays", () => {
  const keys = new SigningKeys(() => NOW);
  const fingerprints = (region: string): string[] =>
    keys.listPublicKeys(region).PublicKeyList.map(({ Fingerprint }) => Fingerprint);
  const [ireland, virginia] = [fingerprints("eu-west-1"), fingerprints("us-east-1")];
  expect(ireland).toHaveLength(1);
  expect(virginia).not.toEqual(ireland);
  expect(fingerprints("eu-west-1")).toEqual(ireland);
  expect(keys.keyAt("eu-west-1", 0).fingerprint).toBe(ireland[0]);
});

test("the listed key is the one that signs", () => {
  const keys = new SigningKeys(() => NOW);
  const { privateKey } = keys.keyAt("eu-west-1", NOW);
  const [{ Value } = { Value: "" }] = keys.listPublicKeys("eu-west-1").PublicKeyList;
  const publicKey = createPublicKey({
    key: Buffer.from(Value, "base64"),
    format: "der",
    type: "pkcs1",
  });
  expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const text = Buffer.from("text");
  expect(verify("RSA-SHA256", text, publicKey, sign("RSA-SHA256", text, privateKey))).toBe(true);
});

describe("with a second key from some time on", () => {
  let now = NOW;
  const keys = new SigningKeys(() => now, [NOW]);
  const [older, newer] = [NOW - 1, NOW].map((time) => keys.keyAt("eu-west-1", time).fingerprint);
  const listed = (...range: (number | undefined)[]): string[] =>
    keys
      .listPublicKeys("eu-west-1", ...range.map((time) => time && time / 1000))
      .PublicKeyList.map(({ Fingerprint }) => Fingerprint);

  test("the list is of the keys in use in that time", () => {
    expect(older).not.toBe(newer);
    expect(listed(NOW - 2 * HOUR, NOW - HOUR)).toEqual([older]);
    expect(listed(NOW - HOUR, NOW + HOUR)).toEqual([older, newer]);
    expect(listed(NOW + HOUR, NOW + 2 * HOUR)).toEqual([newer]);
  });

  test("without a time, it is the one in use now", () => {
    now = NOW - HOUR;
    expect(listed()).toEqual([older]);
    now = NOW + HOUR;
    expect(listed()).toEqual([newer]);
    expect(listed(NOW - HOUR)).toEqual([older, newer]);
  });

  test("a time that ends before it starts is refused", () => {
    expect(() => listed(NOW, NOW - HOUR)).toThrow(
      expect.objectContaining({ code: "InvalidTimeRangeException" }) as Error,
    );
  });
});
