import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";
import { addressChanges } from "./address-changes";
import { addresses, heldAddresses, REFERENCES, referenceStacks } from "./references";

/**
 * `<class> <id>` of each construct that modules/ and stacks/ make under an id that is written
 * there.
 */
const CONSTRUCTS = ["modules", "stacks"]
  .flatMap((room) =>
    readdirSync(join(REPOSITORY, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(REPOSITORY, room, file), "utf8")),
  )
  .flatMap((text) => [...text.matchAll(/\bnew (\w+)\(\s*(?:this|stack),\s*"([\w-]+)"/g)])
  .map(([, type, id]) => `${type} ${id}`);

test("the references together show every construct", () => {
  const shown = new Set(
    REFERENCES.flatMap(referenceStacks)
      .flatMap((stack) => stack.node.findAll())
      .map((node) => `${node.constructor.name} ${node.node.id}`),
  );
  expect(CONSTRUCTS.length).toBeGreaterThan(30);
  expect(CONSTRUCTS.filter((construct) => !shown.has(construct))).toEqual([]);
});

test("each reference has its file, and no other has", () => {
  expect(readdirSync(join(__dirname, "addresses")).sort()).toEqual(
    REFERENCES.map((name) => `${name}.txt`),
  );
});

test.each(REFERENCES)("%s: every address and output name is as it was", (name) => {
  const changes = addressChanges(name, heldAddresses(name), addresses(name));
  // As a message of its own, since a diff of two texts would bury what to do.
  if (changes !== "") throw Object.assign(new Error(changes), { stack: changes });
  expect(addresses(name)).toEqual(heldAddresses(name));
});

describe("a change of addresses says", () => {
  const held = heldAddresses("minimal");
  const renamed = (from: string, to: string): string =>
    addressChanges(
      "minimal",
      held,
      held.map((line) => line.replace(from, to)),
    );

  test("of a renamed log bucket what becomes of it, and every way out", () => {
    const changes = renamed("aws_s3_bucket.log-destination_bucket_", "aws_s3_bucket.logs_");
    expect(changes).toMatch(
      /^ {2}- minimal-destination: resource aws_s3_bucket\.log-destination_/m,
    );
    expect(changes).toMatch(/^ {2}\+ minimal-destination: resource aws_s3_bucket\.logs_/m);
    for (const words of [
      "prevent_destroy goes with it",
      "with all log files in it",
      "overrideLogicalId",
      "moved block",
      "major version",
      "npm run addresses",
    ])
      expect(changes).toContain(words);
    expect(changes).not.toContain("scheduled for deletion");
  });

  test.each([
    ["aws_kms_key.", "no log file that it encrypted can ever be read again"],
    ["resource aws_cloudtrail.", "Until then nothing is logged"],
  ])("of a renamed %s what it costs", (address, words) => {
    expect(renamed(address, `${address}x`)).toContain(words);
  });

  test("of an output that is gone that it can't be moved", () => {
    expect(renamed("output kms_key_arn", "output key_arn")).toContain("Outputs, stacks, states");
  });

  test("of a new resource, or a data source's new name, that nothing is lost", () => {
    const more = addressChanges("minimal", held, [...held, "minimal-destination: resource a.b"]);
    for (const changes of [
      more,
      renamed("data terraform_remote_state.", "data terraform_remote."),
    ]) {
      expect(changes).toContain("Nothing that a state knows is gone");
      expect(changes).not.toContain("moved block");
    }
  });

  test("nothing where nothing changed", () => {
    expect(addressChanges("minimal", held, [...held].reverse())).toBe("");
  });
});
