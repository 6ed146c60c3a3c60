import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  bucketPolicyBudget,
  keyPolicyBudget,
  topicPolicyBudget,
  type ShapedBudget,
} from "../../policies/shapes/budget";
import { BUCKET_SHAPES } from "../../policies/shapes/bucket-shapes";
import { KEY_SHAPES } from "../../policies/shapes/key-shapes";
import { LETS_THROUGH, type Shape } from "../../policies/shapes/shapes";
import { TOPIC_SHAPES } from "../../policies/shapes/topic-shapes";
import { TrailRegistry } from "../../policies/trail-registry";
import { trailOf } from "../support/trails";

// The page's tables say what the code says, and the numbers are computed here.
const page = readFileSync(join(__dirname, "../../docs/policy-shapes.md"), "utf8");

const trails = new TrailRegistry([trailOf("111111111111")]);
const budgets = {
  bucket: (shape: keyof typeof BUCKET_SHAPES) =>
    bucketPolicyBudget({
      partition: "aws",
      bucketName: "example-organization-trail-logs1",
      trails,
      shape,
      organizationId: "o-exampleorgid",
    }),
  key: (shape: keyof typeof KEY_SHAPES) =>
    keyPolicyBudget({ partition: "aws", accountId: "111111111111", trails, shape }),
  topic: (shape: keyof typeof TOPIC_SHAPES) =>
    topicPolicyBudget({
      partition: "aws",
      region: "us-east-1",
      accountId: "111111111111",
      topicName: "example-trail-files",
      trails,
      shape,
    }),
};

function rows<Word extends string, Input>(
  shapes: Readonly<Record<Word, Shape<Input>>>,
  budget: (shape: Word) => ShapedBudget,
): string[] {
  return (Object.keys(shapes) as Word[]).map((word) => {
    const { documentedBy, letsThrough } = shapes[word];
    const { room } = budget(word);
    return [
      `\`${word}\``,
      documentedBy.replace("${aws:SourceAccount}", "`${aws:SourceAccount}`"),
      letsThrough.map((one) => LETS_THROUGH[one]).join("; ") || "nothing",
      room === undefined ? "any number" : (room + 1).toLocaleString("en"),
    ].join(" | ");
  });
}

/** Table rows without the padding that makes columns line up. */
const found = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .replace(/^\| | \|$/g, "")
      .replace(/\s+\|\s+/g, " | ")
      .trim(),
  );

test("docs/policy-shapes.md has the shapes, their texts, and how many accounts fit", () => {
  expect(found).toEqual([
    ...rows(BUCKET_SHAPES, budgets.bucket),
    ...rows(KEY_SHAPES, budgets.key),
    ...rows(TOPIC_SHAPES, budgets.topic),
  ]);
});
