import { GetTrailCommand } from "@aws-sdk/client-cloudtrail";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { parseLogFileKey } from "../../cloudtrail/files/log-layout";
import { TIME_PATH } from "../../lab";
import {
  centralTrailIn,
  Deployment,
  type EnvironmentFile,
  fourAccountsFile,
  states,
} from "../support/deployment";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";
const STACKS = ["test-destination", `test-member-${MEMBER}`];

// The steps of docs/how-to/rotate-the-key.md, "Another key".
requires("terraform", "moto")("another log key takes the old one's place", () => {
  jest.setTimeout(240_000);
  let deployment: Deployment;
  let file: EnvironmentFile;
  let oldKey: string;
  let newKey: string;
  let oldFiles: readonly string[];

  beforeAll(async () => {
    file = fourAccountsFile();
    // As in production: Terraform may not destroy the key.
    delete file.throwaway;
    file.members = file.members.slice(0, 1);
    deployment = await Deployment.start(file);
    expect(Object.values(states(await deployment.run("deploy")))).toEqual(["done", "done"]);
    oldKey = await keyOfTrail(DESTINATION);
    await anHourGoesBy();
    oldFiles = await logFiles();
    expect(oldFiles.length).toBeGreaterThan(0);
  });
  afterAll(() => deployment?.stop());

  test("Terraform forgets the old key; the review sees a new one and blocks nothing", async () => {
    await deployment.synthesize();
    const { text } = await deployment.terraform(STACKS[0]!, "state", "list");
    const [address = ""] = /^aws_kms_key\.log-destination_key_\S+/m.exec(text) ?? [];
    const removed = await deployment.terraform(STACKS[0]!, "state", "rm", address);
    expect(removed.text).toContain("Successfully removed 1 resource instance");
    const { code, stdout } = await centralTrailIn(deployment, "plan");
    expect(code).toBe(2);
    expect(stdout).toContain("Changes, and nothing that a guard blocks.");
    expect(stdout).toContain(`create ${address}`);
  });

  test("one deploy makes the new key and moves alias, bucket and trails to it", async () => {
    const before = deployment.calls.length;
    expect(Object.values(states(await deployment.run("deploy")))).toEqual(["done", "done"]);
    newKey = await keyOfTrail(DESTINATION);
    expect(newKey).not.toBe(oldKey);
    expect(await keyOfTrail(MEMBER)).toBe(newKey);
    const changes = deployment
      .since(before)
      .filter(({ action }) => /^(Create|Put|Update|Delete|Schedule|Stop)/.test(action))
      .map(({ accountId, action }) => `${accountId} ${action}`);
    expect(changes[0]).toBe(`${DESTINATION} CreateKey`);
    expect(changes.at(-1)).toBe(`${MEMBER} UpdateTrail`);
    // The alias moves in place, and nothing is deleted.
    expect(changes.slice(1, -1).sort()).toEqual(
      ["PutBucketEncryption", "UpdateAlias", "UpdateTrail"].map(
        (action) => `${DESTINATION} ${action}`,
      ),
    );
    for (const stack of STACKS)
      expect((await deployment.plan(stack)).text).toContain("No changes.");
  });

  test("new files have the new key, and the old ones can still be read", async () => {
    await anHourGoesBy();
    const files = await logFiles();
    expect(files.length).toBeGreaterThan(oldFiles.length);
    for (const key of files) {
      expect(await keyOfFile(key)).toBe(oldFiles.includes(key) ? oldKey : newKey);
    }
  });

  async function keyOfTrail(account: string): Promise<string> {
    const { Trail } = await deployment
      .cloudTrail(account)
      .send(new GetTrailCommand({ Name: "central-trail" }));
    return Trail!.KmsKeyId!;
  }

  /** Deliveries fall due; the calls that deployed are in them. */
  async function anHourGoesBy(): Promise<void> {
    for (const account of [DESTINATION, MEMBER]) await keyOfTrail(account);
    const url = `${deployment.env.AWS_ENDPOINT_URL}${TIME_PATH}?advance=1h`;
    expect((await fetch(url, { method: "POST" })).status).toBe(200);
  }

  async function logFiles(): Promise<string[]> {
    const { Contents = [] } = await deployment
      .s3(DESTINATION)
      .send(new ListObjectsV2Command({ Bucket: file.destination.bucket }));
    return Contents.map(({ Key }) => Key!).filter((key) => parseLogFileKey(key) !== undefined);
  }

  /** Reads the file, which takes the right to decrypt with its key. */
  async function keyOfFile(Key: string): Promise<string | undefined> {
    const answer = await deployment
      .s3(DESTINATION)
      .send(new GetObjectCommand({ Bucket: file.destination.bucket, Key }));
    expect((await answer.Body!.transformToByteArray()).length).toBeGreaterThan(0);
    return answer.SSEKMSKeyId;
  }
});
