import { GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

/** The types of the resources that Terraform may not destroy, as it says itself. */
function protectedTypes(text: string): string[] {
  const types = [...text.matchAll(/(\w+)\.[\w-]+\s+has\s+lifecycle\.prevent_destroy/g)];
  return types.map(([, type]) => type!).sort();
}

requires("terraform", "moto")("an environment that is not thrown away", () => {
  jest.setTimeout(180_000);
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = fourAccountsFile();
    delete file.throwaway;
    file.members = file.members.slice(0, 1);
    deployment = await Deployment.start(file);
  });
  afterAll(() => deployment?.stop());

  test("Terraform refuses to destroy bucket, key and trails, and nothing is lost", async () => {
    expect(Object.values(states(await deployment.run("deploy")))).toEqual(["done", "done"]);
    const before = deployment.calls.length;
    const member = "test-member-222222222222";
    const outcomes = await deployment.run("destroy");
    expect(states(outcomes)).toEqual({ "test-destination": "not tried", [member]: "failed" });

    // Terraform's plan ends at the first that it may not destroy; so each is looked at without
    // those.
    const stack = "test-destination";
    const trail = /aws_cloudtrail\.[\w-]+/;
    const refused = await deployment.terraform(stack, "plan", "-destroy", "-input=false");
    expect(refused.code).toBe(1);
    expect(protectedTypes(refused.text)).toEqual(["aws_cloudtrail"]);
    await deployment.terraform(stack, "state", "rm", trail.exec(refused.text)![0]);
    const withoutTrail = await deployment.terraform(stack, "plan", "-destroy", "-input=false");
    expect(withoutTrail.code).toBe(1);
    expect(protectedTypes(withoutTrail.text)).toEqual(["aws_kms_key", "aws_s3_bucket"]);

    const destroyed = deployment
      .since(before)
      .filter(({ action }) => /^(Delete|Stop|Schedule)/.test(action));
    expect(destroyed).toEqual([]);
    const { destination } = file;
    await deployment
      .s3(destination.account)
      .send(new HeadBucketCommand({ Bucket: destination.bucket }));
    for (const account of [destination.account, file.members[0]!.account]) {
      const status = await deployment
        .cloudTrail(account)
        .send(new GetTrailStatusCommand({ Name: "central-trail" }));
      expect(status.IsLogging).toBe(true);
    }
  });
});
