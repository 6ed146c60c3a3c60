import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";

type Rooms = Readonly<Record<string, readonly string[]>>;

/** What lint holds. */
const rooms = ((): Rooms => {
  const text = readFileSync(join(REPOSITORY, "eslint.config.mjs"), "utf8");
  const [, object] = /^const rooms = (\{.*?^\});$/ms.exec(text) ?? [];
  return runInNewContext(`(${object})`) as Rooms;
})();

const page = readFileSync(join(REPOSITORY, "docs", "design.md"), "utf8");

/** The rooms that one leads to, and those that these lead to. */
function reached(room: string): string[] {
  return rooms[room]!.flatMap((next) => [next, ...reached(next)]);
}

test("the table of docs/design.md names every room and whom it may import, as lint holds it", () => {
  const [, section = ""] = page.split("\n## Rooms\n");
  const rows = [...section.matchAll(/^\| `(\w+)\/` *\|.*\| ([^|]+?) *\|$/gm)].map(
    ([, room = "", allowed = ""]): [string, string[]] => [
      room,
      [...allowed.matchAll(/`(\w+)\/`/g)].map(([, name = ""]) => name).sort(),
    ],
  );
  const held = rows.filter(([room]) => room in rooms);
  expect(Object.fromEntries(held)).toEqual(
    Object.fromEntries(Object.entries(rooms).map(([room, allowed]) => [room, [...allowed].sort()])),
  );
});

/** The folders in a room. */
function foldersIn(room: string): string[] {
  return readdirSync(join(REPOSITORY, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

test("the tree of docs/design.md has every room and each of its folders, and no others", () => {
  const [tree] = new Page("docs/design.md").fences("text");
  const named = new Map<string, string[]>();
  let room = "";
  for (const line of tree!.text.split("\n")) {
    const [, ofRoom, rest = ""] = /^(?:(\w+)\/)?(.*)$/.exec(line)!;
    if (ofRoom !== undefined) named.set((room = ofRoom), []);
    for (const [, folder = ""] of rest.matchAll(/(?<=\s)([\w-]+)\/(?=[\s:,]|$)/g))
      named.get(room)!.push(folder);
  }
  const inTree = Object.fromEntries([...named].map(([one, folders]) => [one, folders.sort()]));
  // "a folder for each module": docs/modules/ has a page on each.
  const onDisk = Object.keys(rooms).map((one) => [one, one === "modules" ? [] : foldersIn(one)]);
  expect(inTree).toEqual(Object.fromEntries(onDisk));
});

test("the picture of docs/design.md has each arrow that does not follow from others", () => {
  const [picture] = new Page("docs/design.md").fences("mermaid");
  const drawn = [...picture!.text.matchAll(/^ +(\w+) --> (\w+)$/gm)].map(
    ([, from, to]) => `${from} --> ${to}`,
  );
  const needed = Object.entries(rooms).flatMap(([room, allowed]) =>
    allowed
      .filter((to) => !allowed.some((other) => other !== to && reached(other).includes(to)))
      .map((to) => `${room} --> ${to}`),
  );
  expect(drawn.sort()).toEqual(needed.sort());
});
