/**
 * The parameters of CreateKey with what KMS takes where they do not say.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
 */
export function withKeyDefaults(
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const spec = parameters["KeySpec"] ?? parameters["CustomerMasterKeySpec"] ?? "SYMMETRIC_DEFAULT";
  // Of all other keys KMS needs to know them.
  const usage = spec === "SYMMETRIC_DEFAULT" ? { KeyUsage: "ENCRYPT_DECRYPT" } : {};
  return {
    ...usage,
    Origin: "AWS_KMS",
    MultiRegion: false,
    Description: "",
    ...parameters,
    KeySpec: spec,
  };
}
