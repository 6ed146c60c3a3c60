import { failureAdvice } from "../../operations/failure-advice";

const context = {
  environment: "prod",
  command: (stacks: readonly string[], verb = "again") => `${verb} ${stacks.join(" ")}`,
};

test("nothing failed: nothing to say", () => {
  expect(failureAdvice([{ stack: "a", state: "done" }], context)).toEqual([]);
});

test("what failed, what is done, what was not tried, and what to run again", () => {
  const error = `Error: Resource precondition failed

  on cdk.tf.json line 35, in resource.aws_cloudtrail.trail (trail).lifecycle.precondition[0]:
  35:               "condition": "\${false}",

The destination does not list
arn:x; deploy it first.`;
  expect(
    failureAdvice(
      [
        { stack: "destination", state: "done" },
        { stack: "m2", state: "failed", error },
        { stack: "m3", state: "done" },
        { stack: "m4", state: "not tried" },
      ],
      context,
    ),
  ).toEqual([
    "m2 failed: Resource precondition failed The destination does not list arn:x; deploy it first.",
    "Done: destination, m3",
    "Not tried: m4",
    "To go on, when it is mended: again m2 m4",
  ]);
});

test.each([
  [
    `Error: Unable to find remote
state

  with data.terraform_remote_state.destination,
  on cdk.tf.json line 18, in data.terraform_remote_state.x:`,
    "the destination of environment prod was never deployed. Run: deploy prod-destination",
  ],
  ["Error: Failed to query available provider packages", "CENTRAL_TRAIL_PROVIDER_MIRROR"],
  ["Error: Error acquiring the state lock", "terraform force-unlock"],
])("our own sentence after %j", (error, sentence) => {
  const [, advice] = failureAdvice([{ stack: "m2", state: "failed", error }], context);
  expect(advice).toMatch(/^ {2}That is: /);
  expect(advice).toContain(sentence);
});
