import { readFileSync } from "node:fs";

/** The AWS provider that `@cdktf/provider-aws` was made from. */
export interface AwsProviderRelease {
  /** Where Terraform finds it. */
  readonly name: string;
  readonly version: string;
}

/**
 * The AWS provider that the installed `@cdktf/provider-aws` was made from: its own package metadata
 * says so, without loading the library.
 *
 * @returns undefined where it is not installed
 */
export function installedAwsProvider(): AwsProviderRelease | undefined {
  let metadata: string;
  try {
    metadata = require.resolve("@cdktf/provider-aws/package.json");
  } catch {
    return undefined;
  }
  const { cdktf } = JSON.parse(readFileSync(metadata, "utf8")) as {
    cdktf: { provider: AwsProviderRelease };
  };
  return cdktf.provider;
}
