import { withKeyDefaults } from "../../../lab/kms/key-defaults";
import { requires } from "../../support/requirements";
import { type Lab, startLab } from "../../support/lab";

test("a key of another kind has to have its use given", () => {
  expect(withKeyDefaults({ KeySpec: "RSA_2048" })).not.toHaveProperty("KeyUsage");
  expect(withKeyDefaults({ CustomerMasterKeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" })).toEqual(
    expect.objectContaining({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }),
  );
});

requires("moto", "boto3")("CreateKey without parameters", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  test("makes the key that KMS makes, and DescribeKey says the same", async () => {
    const account = await lab.account();
    const { KeyMetadata } = await account.call("kms", "create_key");
    const { KeyId, Arn } = KeyMetadata as { KeyId: string; Arn: string };
    const expected = {
      AWSAccountId: account.id,
      KeyId,
      Arn,
      Enabled: true,
      Description: "",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeyState: "Enabled",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
      KeySpec: "SYMMETRIC_DEFAULT",
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      MultiRegion: false,
    };
    expect(KeyMetadata).toMatchObject(expected);
    expect(await account.call("kms", "describe_key", { KeyId })).toMatchObject({
      KeyMetadata: expected,
    });
  });
});
