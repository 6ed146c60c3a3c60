/** What is there already, made by hand or by another tool. */
export const EXISTING = {
  account: "111111111111",
  region: "us-east-1",
  bucketName: "example-existing-logs",
  trailName: "management-events",
  keyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
  keyAlias: "existing-logs",
};
