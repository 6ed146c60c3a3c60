import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { eventSelection } from "../../../cloudtrail/selection/event-settings";
import { savedQueries } from "../../../cloudtrail/table/saved-queries";
import { eventContext } from "../../../envs/trails";
import { callForeignBucket } from "../../../operations/demo/foreign-call";
import { DeliveringEnvironment } from "../../support/delivering-environment";
import { LocalLogTable } from "../../support/log-table";
import { requires } from "../../support/requirements";

const NAMES = { database: "logs", table: "events" };

requires("moto")("the saved queries, on files that CloudTrail delivered", () => {
  jest.setTimeout(120_000);
  let lab: DeliveringEnvironment;
  let table: LocalLogTable | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
    lab = await DeliveringEnvironment.start(3);
    for (const account of lab.accounts) {
      const selection = eventSelection(
        { preset: "s3-all" },
        eventContext(lab.environment, account),
      );
      if (selection.kind !== "advanced") throw new Error("a preset of advanced selectors");
      await lab.cloudTrail(account).send(
        new PutEventSelectorsCommand({
          TrailName: lab.trailArn(account),
          AdvancedEventSelectors: selection.selectors.map(({ Name, FieldSelectors }) => ({
            Name,
            FieldSelectors: FieldSelectors.map((field) => structuredClone(field) as never),
          })),
        }),
      );
    }
  });
  afterAll(async () => {
    table?.close();
    rmSync(folder, { recursive: true });
    await lab?.stop();
  });

  test("a redacted owner comes back from the owner's copy", async () => {
    const call = await callForeignBucket(lab.environment, lab.awsAccess);
    await lab.hours(1);
    for (const key of await lab.keys()) {
      const file = join(folder, key);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, (await lab.read(key)).body);
    }
    const accountIds = lab.accounts.map(({ account }) => account);
    const regions = ["us-east-1"];
    const firstDay = "2020-01-01";
    const input = { bucketName: lab.bucket, accountIds, regions, firstDay };
    table = await LocalLogTable.load(folder, input, NAMES);
    const { sql } = savedQueries({ ...NAMES, accountIds }).find(
      ({ name }) => name === "redacted-bucket-owners",
    )!;
    const rows = await table.query(sql);
    // The SDK takes the lab's clock for skew and asks again.
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row).toMatchObject({
        calleraccount: call!.caller.account,
        eventname: "GetObject",
        errorcode: "AccessDenied",
        bucket: `arn:aws:s3:::${call!.bucket}`,
        bucketowner: call!.owner.account,
        ownerknownfrom: "owner copy",
      });
  });
});
