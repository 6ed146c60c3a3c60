import { compileErrors, synthesizeExample } from "../support/page-examples";
import { Page } from "../support/pages";

jest.setTimeout(120_000);

const examples = Page.all().flatMap((page) => page.fences("ts"));

test("every TypeScript example compiles against the package's sub-paths", () => {
  expect(examples.length).toBeGreaterThan(8);
  expect(compileErrors(examples)).toEqual([]);
});

test.each(examples.filter(({ text }) => text.includes("app.synth()")))(
  "the app of $where synthesizes, validations included",
  (example) => {
    expect(Object.keys(synthesizeExample(example))).not.toEqual([]);
  },
);

test("docs/how-to/adopt-an-existing-trail.md imports what is there, and makes none of it anew", () => {
  const [example] = new Page("docs/how-to/adopt-an-existing-trail.md").fences("ts");
  const stack = synthesizeExample(example!)["log-archive"] as unknown as {
    import: readonly { readonly to: string; readonly id: string }[];
  };
  expect(stack.import.map(({ to, id }) => [to.split(".")[0], id])).toEqual([
    ["aws_kms_key", "1234abcd-12ab-34cd-56ef-1234567890ab"],
    ["aws_kms_alias", "alias/existing-logs"],
    ["aws_s3_bucket", "example-existing-logs"],
    ["aws_s3_bucket_policy", "example-existing-logs"],
    ["aws_cloudtrail", "arn:aws:cloudtrail:eu-central-1:111111111111:trail/management-events"],
  ]);
});
