import { compileErrors } from "../support/examples";
import { Page } from "../support/pages";

test("every TypeScript example compiles against the package's sub-paths", () => {
  const examples = Page.all().flatMap((page) => page.fences("ts"));
  expect(examples.length).toBeGreaterThan(8);
  expect(compileErrors(examples)).toEqual([]);
}, 120_000);
