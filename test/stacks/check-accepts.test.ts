import { App, TerraformStack } from "cdktf";
import fc from "fast-check";
import { stringify } from "yaml";
import { z } from "zod";
import { FIELDS } from "../../cloudtrail/selection/event-selector-rules";
import { OPERATORS } from "../../cloudtrail/selection/event-selectors";
import { checkEnvironment } from "../../envs/check";
import { destinationSettings } from "../../envs/destination-settings";
import { environmentFile } from "../../envs/schema/schema";
import type { Environment } from "../../envs/types";
import { wordings } from "../../envs/schema/wording";
import { destinationBudgets } from "../../policies/documents/destination-policies";
import { destinationProblems } from "../../policies/documents/destination-problems";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import { EVERY_SETTING } from "../support/every-setting";
import { PAYLOADS } from "../support/payloads";

/** The environment of a file that the check has nothing against; of the policies' sizes, too. */
function accepted(file: unknown, installedMajor?: number): Environment | undefined {
  const { environment } = checkEnvironment("any", "any.yaml", stringify(file), {
    installedMajor,
  });
  if (environment === undefined) return undefined;
  const settings = destinationSettings(environment);
  if (destinationProblems(settings).length > 0) return undefined;
  return destinationBudgets(settings).some(({ level }) => level === "over")
    ? undefined
    : environment;
}

/** Writes all stacks; what an app would refuse fails. */
function synthesize(environment: Environment): void {
  const app = new App();
  addEnvironmentStacks(app, { environment, stateDirectory: "/state" });
  const stacks = app.node.children.filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) {
    expect(stack.node.findAll().flatMap(({ node }) => node.validate())).toEqual([]);
    stack.prepareStack();
    stack.toTerraform();
  }
}

/** Values that a schema could take, and some that it does not. */
function values(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional)
    return fc.option(values(schema.unwrap()), { nil: undefined });
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fc.option(values(schema.unwrap()), { nil: undefined });
  if (schema instanceof z.ZodArray)
    return fc.array(values(schema.element), { minLength: 1, maxLength: 2 });
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...(schema.options as unknown[]));
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodLiteral) return fc.constant(schema.value);
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue } = schema;
    return fc.constantFrom(minValue, maxValue, Math.floor((minValue! + maxValue!) / 2));
  }
  if (schema instanceof z.ZodRecord) return fc.constantFrom({}, { team: "a b" }, { "a:b/c": "" });
  if (schema instanceof z.ZodDiscriminatedUnion)
    return fc.oneof(...schema.options.map((one) => values(one)));
  if (schema instanceof z.ZodObject)
    return fc.record(
      Object.fromEntries(
        Object.entries(schema.shape as z.core.$ZodShape).map(([key, one]) => [key, values(one)]),
      ),
    );
  if (schema instanceof z.ZodString) {
    const example = wordings.get(schema)!.example.replace(/^"|"$/g, "");
    return fc.constantFrom(example, `${example}.`, `${example}-0`, example.replace(/.$/, "z"));
  }
  throw new Error(`no values for ${schema.constructor.name}`);
}

/** One change of a file: another value for one of its settings, at any depth, or none at all. */
function changedFile(file: unknown, schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return changedFile(file, schema.unwrap());
  if (!(schema instanceof z.ZodObject) || typeof file !== "object" || file === null)
    return values(schema);
  const given = file as Readonly<Record<string, unknown>>;
  return fc
    .constantFrom(...Object.entries(schema.shape as z.core.$ZodShape))
    .chain(([key, one]) =>
      fc
        .oneof(
          { weight: 3, arbitrary: changedFile(given[key], one) },
          { weight: 1, arbitrary: values(one) },
        )
        .map((value) => ({ ...given, [key]: value })),
    );
}

const files = fc
  .constantFrom(...EVERY_SETTING)
  .chain((file) =>
    changedFile(file, environmentFile).chain((once) => changedFile(once, environmentFile)),
  );

const odd = fc.oneof(
  fc.constantFrom("Management", "Data", "NetworkActivity", "true", "false", "kms.amazonaws.com"),
  fc.constantFrom("AWS::S3::Object", "arn:aws:s3:::a/", "arn:aws:lambda", "VpceAccessDenied"),
  fc.constantFrom(...PAYLOADS),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
const some = fc.array(odd, { maxLength: 3 });
const field = fc.constantFrom(...new Set(Object.values(FIELDS).flat()), "resources.accountId");
const condition = fc
  .tuple(field, fc.dictionary(fc.constantFrom(...OPERATORS), some, { minKeys: 1, maxKeys: 2 }))
  .map(([Field, operators]) => ({ Field, ...operators }));

/** What makes an advanced selector whole, so that some of them are. */
const whole = fc.constantFrom(
  [{ Field: "eventCategory", Equals: ["Management"] }],
  [
    { Field: "eventCategory", Equals: ["Data"] },
    { Field: "resources.type", Equals: ["AWS::DynamoDB::Table"] },
  ],
  [
    { Field: "eventCategory", Equals: ["NetworkActivity"] },
    { Field: "eventSource", Equals: ["kms.amazonaws.com"] },
  ],
  [],
);
const advancedSelectors = fc.array(
  fc
    .tuple(fc.option(odd, { nil: undefined }), whole, fc.array(condition, { maxLength: 2 }))
    .map(([Name, first, more]) => ({ Name, FieldSelectors: [...first, ...more] })),
  { minLength: 1, maxLength: 2 },
);
const basicSelectors = fc.array(
  fc.record(
    {
      ReadWriteType: fc.constantFrom("All", "ReadOnly", "WriteOnly", "None"),
      IncludeManagementEvents: fc.boolean(),
      DataResources: fc.array(
        fc.record({
          Type: fc.constantFrom("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"),
          Values: fc.array(
            fc.oneof(
              odd,
              fc.constantFrom("arn:aws:s3", "arn:aws:dynamodb", "arn:aws:s3:::b/${file(1)}"),
            ),
            { maxLength: 2 },
          ),
        }),
        { maxLength: 2 },
      ),
      ExcludeManagementEventSources: some,
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 6 },
);
const withEvents = fc
  .oneof(
    advancedSelectors.map((one) => ({ advancedSelectors: one })),
    basicSelectors.map((one) => ({ basicSelectors: one })),
  )
  .map((events) => ({ ...EVERY_SETTING[2], trail: { events } }));

test.each([
  ["environments of the schema", files, 60],
  ["event selectors of every field", withEvents, 200],
] as const)("what the check accepts, synthesizes: %s", (_, arbitrary, numRuns) => {
  let taken = 0;
  fc.assert(
    fc.property(arbitrary, (file) => {
      const environment = accepted(file);
      if (environment === undefined) return;
      taken++;
      synthesize(environment);
    }),
    { numRuns },
  );
  // The check of the check: that it does not refuse all of them.
  expect(taken).toBeGreaterThan(numRuns / 20);
});

test.each([5, 6])("every field that version %d of the provider takes, and no other", (major) => {
  const later = ["errorCode", "eventType", "sessionCredentialFromConsole", "vpcEndpointId"];
  for (const [category, fields] of Object.entries(FIELDS)) {
    for (const name of fields) {
      const base = [
        { Field: "eventCategory", Equals: [category] },
        ...(category === "Data" ? [{ Field: "resources.type", Equals: ["AWS::SNS::Topic"] }] : []),
        ...(category === "NetworkActivity"
          ? [{ Field: "eventSource", Equals: ["kms.amazonaws.com"] }]
          : []),
      ];
      if (base.some(({ Field }) => Field === name)) continue;
      const value = name === "readOnly" ? "true" : "kms.amazonaws.com";
      const operator = name === "eventSource" && category === "Management" ? "NotEquals" : "Equals";
      const FieldSelectors = [...base, { Field: name, [operator]: [value] }];
      const file = {
        ...EVERY_SETTING[2],
        trail: { events: { advancedSelectors: [{ FieldSelectors }] } },
        awsProviderVersion: major === 5 ? "~> 5.100" : ">= 6.0, < 7",
      };
      const { environment, problems = [] } = checkEnvironment("any", "a.yaml", stringify(file), {
        installedMajor: 5,
      });
      const taken = major === 6 || !later.includes(name);
      expect({ name, taken: environment !== undefined }).toEqual({ name, taken });
      if (environment) synthesize(environment);
      else
        expect(problems).toMatchObject([
          {
            path: `trail.events.advancedSelectors[0].FieldSelectors[${base.length}].Field`,
            found: expect.stringContaining(
              `Version ${major} of the AWS provider takes no field`,
            ) as string,
          },
        ]);
    }
  }
});
