import { type TrailIdentity, trailArn } from "../../cloudtrail/trails/trail-identity";
import type { Statement } from "../../iam/policy-document";
import { inRegion } from "./in-region";

/**
 * What Terraform reads of a trail. DescribeTrails knows no resources, so that one is for the whole
 * account; it shows settings, never records. The two kinds of selectors are read only where a trail
 * has some.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
 */
export function readTrail(trail: TrailIdentity): Statement[] {
  return [
    {
      Sid: "FindTrails",
      Effect: "Allow",
      Action: "cloudtrail:DescribeTrails",
      Resource: "*",
      Condition: inRegion(trail.homeRegion),
    },
    {
      Sid: "ReadTrail",
      Effect: "Allow",
      Action: [
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetInsightSelectors",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:ListTags",
      ],
      Resource: trailArn(trail),
    },
  ];
}

/** What the commands that plan and look for drift ask of a trail, and Terraform does not. */
export function askForTrail(trail: TrailIdentity): Statement {
  return {
    Sid: "AskForTrail",
    Effect: "Allow",
    Action: "cloudtrail:GetTrail",
    Resource: trailArn(trail),
  };
}

/** What verifying asks of a trail: what it is, and how it delivers. */
export function checkTrail(trail: TrailIdentity): Statement {
  return {
    Sid: "CheckTrail",
    Effect: "Allow",
    Action: ["cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"],
    Resource: trailArn(trail),
  };
}

/** What a deployer sets on a trail beside its own settings. */
export interface TrailSelectors {
  /**
   * Whether it chooses which events the trail records.
   * @default false
   */
  readonly selectsEvents?: boolean;
  /**
   * Whether it switches CloudTrail Insights on.
   * @default false
   */
  readonly selectsInsights?: boolean;
}

/**
 * What Terraform needs to make and change a trail.
 *
 * @param mayDelete also to delete it
 */
export function changeTrail(
  trail: TrailIdentity,
  { selectsEvents = false, selectsInsights = false }: TrailSelectors,
  mayDelete: boolean,
): Statement {
  return {
    Sid: "ChangeTrail",
    Effect: "Allow",
    Action: [
      "cloudtrail:AddTags",
      "cloudtrail:CreateTrail",
      ...(mayDelete ? ["cloudtrail:DeleteTrail"] : []),
      ...(selectsEvents ? ["cloudtrail:PutEventSelectors"] : []),
      ...(selectsInsights ? ["cloudtrail:PutInsightSelectors"] : []),
      "cloudtrail:RemoveTags",
      "cloudtrail:StartLogging",
      "cloudtrail:UpdateTrail",
    ],
    Resource: trailArn(trail),
  };
}
