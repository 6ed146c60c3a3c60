/**
 * Tags on trails.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html
 */
import { LIMITS } from "../../cloudtrail/limits";
import { invalidTagParameter, tagsLimitExceeded } from "./errors";
import type { Tag } from "./requests";

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * The tags after adding some: a key that is there gets the new value.
 *
 * @param arn of the trail, for errors
 * @throws ServiceError InvalidTagParameterException, TagsLimitExceededException
 */
export function withTags(
  present: ReadonlyMap<string, string | undefined>,
  added: readonly Tag[],
  arn: string,
): Map<string, string | undefined> {
  for (const { Key, Value = "" } of added) {
    if (Key.length < 1 || Key.length > 128 || !CHARACTERS.test(Key) || /^aws:/i.test(Key))
      throw invalidTagParameter(`Tag key ${Key} is invalid.`);
    if (Value.length > 256 || !CHARACTERS.test(Value))
      throw invalidTagParameter(`Tag value ${Value} of key ${Key} is invalid.`);
  }
  const keys = added.map(({ Key }) => Key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) throw invalidTagParameter(`Tag key ${repeated} is there twice.`);
  const tags = new Map([...present, ...added.map(({ Key, Value }) => [Key, Value] as const)]);
  if (tags.size > LIMITS.tagsPerTrail) throw tagsLimitExceeded(arn, LIMITS.tagsPerTrail);
  return tags;
}
