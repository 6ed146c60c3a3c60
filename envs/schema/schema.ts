import { z } from "zod";
import { tagKeyProblem, tagValueProblem } from "../../cloudtrail/names";
import { member } from "./account-schema";
import { acknowledgement } from "./acknowledgement-schema";
import { deployer, state } from "./deployment-schema";
import { destination } from "./destination-schema";
import { endpointProblem } from "./endpoint";
import { trail } from "./trail-schema";
import { region } from "./values";
import { flag, must, text } from "./wording";

/**
 * The environment file, entry by entry. What holds between entries is in envs/rules/. Descriptions
 * go into the JSON Schema and so into people's editors.
 */
const VERSION = String.raw`(=|!=|>|>=|<|<=|~>)? *\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?`;

/** The schema of an environment file. */
export const environmentFile = z
  .strictObject({
    throwaway: flag
      .default(false)
      .describe("Made to be destroyed: no prevent_destroy, and force_destroy from the first apply"),
    destination: destination.describe("The account that owns the bucket"),
    members: z
      .array(member)
      .default([])
      .describe("The other accounts whose trails deliver to the bucket, each once"),
    trail: trail.prefault({}).describe("Trail settings for all accounts"),
    deployer: deployer.describe("How Terraform gets into the accounts"),
    state: state.prefault({ backend: "local" }).describe("Where Terraform keeps its state"),
    tags: z
      .record(
        text({
          noun: "a tag key",
          example: "team",
          problem: tagKeyProblem,
          description: "Tag key",
        }),
        text({
          noun: "a tag value",
          example: "security",
          problem: tagValueProblem,
          description: "Tag value, in quotes where it is a number",
        }),
      )
      .default({})
      .describe("Tags of every resource"),
    optInRegions: z
      .array(region)
      .default([])
      .describe("Opt-in regions that may be home regions: every account listed has opted in"),
    awsProviderVersion: text({
      noun: "a Terraform version constraint",
      example: "~> 5.100",
      problem: must(
        new RegExp(String.raw`^ *${VERSION}( *, *${VERSION})* *$`),
        "must look like ~> 5.100 or >= 5.100, < 6.0",
      ),
      description: "Version constraint of the AWS provider. Default: what @cdktf/provider-aws asks",
    }).optional(),
    endpoint: text({
      noun: "an endpoint",
      example: "http://127.0.0.1:4566",
      problem: endpointProblem,
      description:
        "One URL for every AWS service, for a local AWS: on this computer, or on a host that whoever runs the command listed",
    }).optional(),
    acknowledgements: z
      .array(acknowledgement)
      .optional()
      .describe("What guards of the plan review find and is all right. Default: nothing"),
  })
  .meta({
    title: "Central Trail environment",
    description: "One destination account and the member accounts that log into its bucket",
  });

/** An environment file with its defaults. */
export type EnvironmentFile = z.output<typeof environmentFile>;

/** An environment file as people write it. */
export type EnvironmentInput = z.input<typeof environmentFile>;
