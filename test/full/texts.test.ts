import { GetEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { Deployment, fourAccountsFile, states } from "../support/deployment";
import { PAYLOADS } from "../support/payloads";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";

/** What an environment file may have in a selector: one line. */
const LINES = PAYLOADS.filter((payload) => /^.+$/.test(payload));
const NAME = `A name ${LINES.join(" ")}`;
const ENDS = LINES.map((payload) => `/${payload}`).sort();
const OBJECTS = LINES.map((payload) => `arn:aws:s3:::a-bucket/${payload}`).sort();

requires("terraform", "moto")("texts of an environment file, by the real Terraform", () => {
  let deployment: Deployment;
  beforeAll(async () => {
    const file = fourAccountsFile();
    deployment = await Deployment.start({
      ...file,
      destination: {
        ...file.destination,
        trail: {
          events: {
            advancedSelectors: [
              {
                Name: NAME,
                FieldSelectors: [
                  { Field: "eventCategory", Equals: ["Data"] },
                  { Field: "resources.type", Equals: ["AWS::S3::Object"] },
                  {
                    Field: "resources.ARN",
                    EndsWith: ENDS,
                    NotStartsWith: [`arn:aws:s3:::${file.destination.bucket}/`],
                  },
                ],
              },
            ],
          },
        },
      },
      members: [
        {
          account: MEMBER,
          region: "us-east-1",
          trail: {
            events: {
              basicSelectors: [{ DataResources: [{ Type: "AWS::S3::Object", Values: OBJECTS }] }],
            },
          },
        },
      ],
    });
  }, 120_000);
  afterAll(() => deployment?.stop());

  test("reach AWS letter by letter, and the next plan is empty", async () => {
    expect(states(await deployment.run("deploy"))).toEqual({
      "test-destination": "done",
      [`test-member-${MEMBER}`]: "done",
    });
    const selectorsOf = (account: string) =>
      deployment
        .cloudTrail(account)
        .send(new GetEventSelectorsCommand({ TrailName: "central-trail" }));
    const { AdvancedEventSelectors: [advanced] = [] } = await selectorsOf(DESTINATION);
    expect(advanced!.Name).toBe(NAME);
    const field = advanced!.FieldSelectors!.find(({ Field }) => Field === "resources.ARN")!;
    expect(field.EndsWith).toEqual(ENDS);
    const { EventSelectors: [basic] = [] } = await selectorsOf(MEMBER);
    expect(basic!.DataResources![0]!.Values).toEqual(OBJECTS);
    for (const stack of ["test-destination", `test-member-${MEMBER}`]) {
      expect((await deployment.plan(stack)).code).toBe(0);
    }
  }, 300_000);
});
