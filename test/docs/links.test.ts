import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";

const pages = Page.all();

/**
 * A link of a page, resolved: what it leads to, from the repository's folder, and the anchor there.
 */
function target(page: Page, link: string): { readonly path: string; readonly anchor?: string } {
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? page.path : join(dirname(page.path), decodeURIComponent(file));
  return { path: relative(REPOSITORY, join(REPOSITORY, path)), anchor };
}

/** What is wrong with a link, as a sentence; undefined where nothing is. */
function problem(page: Page, link: string): string | undefined {
  const { path, anchor } = target(page, link);
  if (path.startsWith("..") || !existsSync(join(REPOSITORY, path)))
    return `${page.path}: ${link} leads to ${path}, which is not there`;
  if (anchor === undefined) return undefined;
  const anchors = pages.find((one) => one.path === path)?.anchors ?? [];
  return anchors.includes(anchor)
    ? undefined
    : `${page.path}: ${link} leads to no heading of ${path}; it has ${anchors.join(", ")}`;
}

test("every link to a file or heading of this repository leads somewhere", () => {
  const links = pages.flatMap((page) =>
    page.links.filter((link) => !/^[a-z]+:/.test(link)).map((link) => [page, link] as const),
  );
  expect(links.length).toBeGreaterThan(30);
  expect(links.map(([page, link]) => problem(page, link)).filter(Boolean)).toEqual([]);
});

test("links to other places are https", () => {
  const links = pages.flatMap((page) => page.links).filter((link) => /^[a-z]+:/.test(link));
  expect(links.filter((link) => !link.startsWith("https://"))).toEqual([]);
});

test("docs/README.md lists every page", () => {
  const index = new Page("docs/README.md");
  const listed = index.links.map((link) => target(index, link).path);
  const others = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
  expect(others.filter((path) => path !== index.path && !listed.includes(path))).toEqual([]);
});
