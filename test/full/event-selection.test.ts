import { mkdirSync } from "node:fs";
import { GetEventSelectorsCommand, GetInsightSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import type { EventSettings, InsightType } from "../../cloudtrail/selection/event-settings";
import { LogDestination } from "../../modules/log-destination/log-destination";
import { Trail } from "../../modules/trail/trail";
import { Deployment, fourAccountsFile } from "../support/deployment";
import { makeOpenLogBucket } from "../support/open-log-bucket";
import { requires } from "../support/requirements";
import { trailOf } from "../support/trails";

const ACCOUNT = "222222222222";
const LOG_BUCKET = "event-selection-test-logs";
const STACK = "selections";

interface Selection {
  readonly events?: EventSettings;
  readonly insights?: readonly InsightType[];
}

const ADVANCED: EventSettings = {
  advancedSelectors: [
    {
      FieldSelectors: [
        { Field: "resources.type", Equals: ["AWS::S3::Object"] },
        { Field: "eventCategory", Equals: ["Data"] },
        { Field: "eventName", Equals: ["PutObject", "DeleteObject", "PutObject"] },
        {
          Field: "resources.ARN",
          NotStartsWith: [`arn:aws:s3:::${LOG_BUCKET}/`, "arn:aws:s3:::another/"],
          EndsWith: [".txt", ".csv"],
        },
      ],
    },
  ],
};

/**
 * The trail → what it records first, and then. Lists are out of order, with repetitions, on
 * purpose.
 */
const TRAILS: Readonly<Record<string, readonly [Selection, Selection]>> = {
  plain: [{}, { events: { preset: "s3-write" }, insights: ["ApiErrorRateInsight"] }],
  named: [
    {
      events: { s3Buckets: ["b", "a", "b"].map((letter) => ({ name: `bucket-${letter}` })) },
      insights: ["ApiErrorRateInsight", "ApiCallRateInsight"],
    },
    { events: { preset: "cis-3.8-and-3.9" } },
  ],
  basic: [
    {
      events: {
        basicSelectors: [
          { ExcludeManagementEventSources: ["rdsdata.amazonaws.com", "kms.amazonaws.com"] },
          {
            ReadWriteType: "WriteOnly",
            IncludeManagementEvents: false,
            DataResources: [
              { Type: "AWS::Lambda::Function", Values: ["arn:aws:lambda"] },
              {
                Type: "AWS::S3::Object",
                Values: ["arn:aws:s3:::bucket-b/", "arn:aws:s3:::bucket-a/"],
              },
            ],
          },
        ],
      },
    },
    { events: ADVANCED },
  ],
  advanced: [{ events: ADVANCED }, { events: { preset: "management-only" } }],
  // CloudTrail's own default, which the provider reads back as no selector.
  standard: [{ events: { basicSelectors: [{}] } }, { events: { basicSelectors: [{}] } }],
};

// Applied by the real provider, all five trails in one stack.
requires("terraform", "moto")("trails' selections of events", () => {
  jest.setTimeout(120_000);
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(fourAccountsFile());
    await makeOpenLogBucket(deployment.s3(ACCOUNT), LOG_BUCKET);
  });
  afterAll(() => deployment?.stop());

  test("each is applied, and a second plan is empty; the provider's own form of the default never ends", async () => {
    synthesize(0, { writtenDefault: "standard" });
    await apply();
    const { code, text } = await deployment.plan(STACK);
    expect(code).toBe(2);
    expect(changed(text)).toEqual(["standard"]);
  });

  test("each changes into another, and a second plan is empty", async () => {
    synthesize(1);
    await apply();
    const { text } = await deployment.plan(STACK);
    expect(changed(text)).toEqual([]);
    expect(text).toContain("No changes.");
    expect(await selectorsOf("plain")).toMatchObject({
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
        { Name: "Write object-level events of all S3 buckets but the log buckets" },
      ],
    });
    const client = deployment.cloudTrail(ACCOUNT);
    const insights = client.send(new GetInsightSelectorsCommand({ TrailName: "plain" }));
    expect((await insights).InsightSelectors).toEqual([{ InsightType: "ApiErrorRateInsight" }]);
    await expect(
      client.send(new GetInsightSelectorsCommand({ TrailName: "named" })),
    ).rejects.toMatchObject({ name: "InsightNotEnabledException" });
    expect(await selectorsOf("standard")).toMatchObject({
      EventSelectors: [{ ReadWriteType: "All", DataResources: [] }],
    });
  });

  /** @param writtenDefault a trail that gets a block for CloudTrail's default, past the module */
  function synthesize(step: 0 | 1, { writtenDefault }: { writtenDefault?: string } = {}): void {
    mkdirSync(deployment.folder.output, { recursive: true });
    const app = new App({ outdir: deployment.folder.output });
    const stack = new TerraformStack(app, STACK);
    new LocalBackend(stack, { path: `${deployment.folder.state}/${STACK}.tfstate` });
    const account = deployment.environment.members.find((one) => one.account === ACCOUNT)!;
    new AwsProvider(stack, "aws", {
      region: account.region,
      assumeRole: [{ roleArn: account.roleArn, externalId: account.externalId }],
    });
    for (const [name, selections] of Object.entries(TRAILS)) {
      const { resource } = new Trail(stack, name, {
        ...selections[step],
        throwaway: true,
        trail: trailOf(ACCOUNT, { name }),
        destination: LogDestination.fromAttributes({ bucketName: LOG_BUCKET }),
      });
      if (name === writtenDefault)
        resource.putEventSelector([{ readWriteType: "All", includeManagementEvents: true }]);
    }
    app.synth();
  }

  async function apply(): Promise<void> {
    const { code, text } = await deployment.terraform(STACK, "apply", "-auto-approve");
    expect(`${code} ${code === 0 ? "" : text}`).toBe("0 ");
  }

  /** The trails that a plan changes. */
  function changed(plan: string): string[] {
    return [...plan.matchAll(/# aws_cloudtrail\.([a-z]+)_trail_\w+ will be/g)].map(
      ([, name]) => name!,
    );
  }

  function selectorsOf(TrailName: string): Promise<object> {
    return deployment.cloudTrail(ACCOUNT).send(new GetEventSelectorsCommand({ TrailName }));
  }
});
