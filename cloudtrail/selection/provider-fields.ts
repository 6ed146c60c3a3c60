/**
 * Which fields of advanced event selectors Terraform's AWS provider takes. CloudTrail takes all of
 * them; the provider refuses, in its plan, what its version does not know.
 *
 * Version 5.100 was asked (`terraform validate`); of version 6 its source was read.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
 */
import type { AdvancedEventSelector } from "./event-selectors";

/** Field → the first major version of the provider that takes it. */
const TAKEN_SINCE: Readonly<Record<string, number>> = {
  eventCategory: 5,
  eventName: 5,
  eventSource: 5,
  readOnly: 5,
  "resources.ARN": 5,
  "resources.type": 5,
  "userIdentity.arn": 5,
  errorCode: 6,
  eventType: 6,
  sessionCredentialFromConsole: 6,
  vpcEndpointId: 6,
};

/** The oldest major version that is supported, which takes the fewest fields. */
export const OLDEST_PROVIDER = 5;

/** A field that the provider does not take, and where it stands. */
export interface StrangeField {
  /** Which of the selectors, from 0. */
  readonly selector: number;
  /** Which of its conditions, from 0. */
  readonly condition: number;
  /** A sentence. */
  readonly problem: string;
}

/** The fields that a major version of the provider does not take. */
export function strangeFields(
  selectors: readonly AdvancedEventSelector[],
  major: number,
): StrangeField[] {
  return selectors.flatMap(({ FieldSelectors }, selector) =>
    FieldSelectors.flatMap(({ Field }, condition): StrangeField[] => {
      const since = TAKEN_SINCE[Field];
      if (since !== undefined && since <= major) return [];
      const taken = Object.keys(TAKEN_SINCE).filter((name) => TAKEN_SINCE[name]! <= major);
      const later = since === undefined ? "" : `; version ${since} does`;
      return [
        {
          selector,
          condition,
          problem: `Version ${major} of the AWS provider takes no field ${Field}${later}. It takes ${taken.join(", ")}.`,
        },
      ];
    }),
  );
}

/**
 * The oldest major version that a version constraint lets in: what that one does not take, a deploy
 * may fail on.
 */
export function oldestMajor(constraint: string): number {
  const bounds = [...constraint.matchAll(/(?:^|,) *(?:=|~>|>=?)? *(\d+)/g)].map(([, major]) =>
    Number(major),
  );
  return Math.max(OLDEST_PROVIDER, ...bounds);
}
