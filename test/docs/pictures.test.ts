import { type Fence, Page } from "../support/pages";

const TEXT = String.raw`(?:"[^"]*"|[^"[\](){}|]+)`;
const NODE = String.raw`\w+(?:\[\(${TEXT}\)\]|\[${TEXT}\]|\{\{${TEXT}\}\}|\(${TEXT}\))?`;
const ARROW = String.raw`(?:-->|-\.->|-- ${TEXT} -->|-\. ${TEXT} \.->|-->\|${TEXT}\|)`;

/**
 * The part of Mermaid's flowcharts that our pictures keep to. Mermaid's own parser comes with 166
 * MB of packages; every form below was put to it by hand, version 11.
 */
const LINES = [
  new RegExp(`^${NODE}(?: ${ARROW} ${NODE})*$`),
  new RegExp(String.raw`^subgraph \w+\[${TEXT}\]$`),
  /^end$/,
];

/** What is wrong with a picture. */
function problems({ where, text }: Fence): string[] {
  const [first = "", ...rest] = text.split("\n").map((line) => line.trim());
  const lines = rest.filter((line) => line !== "");
  const open = lines.filter((line) => line.startsWith("subgraph")).length;
  const closed = lines.filter((line) => line === "end").length;
  return [
    ...(/^flowchart (LR|TB)$/.test(first) ? [] : [`${where}: ${first} starts no flowchart`]),
    ...lines
      .filter((line) => !LINES.some((form) => form.test(line)))
      .map((line) => `${where}: ${line} is not a line of a flowchart`),
    ...(open === closed ? [] : [`${where}: ${open} subgraphs, ${closed} ends`]),
  ];
}

test("every picture is a flowchart in the forms that we use", () => {
  const pictures = Page.all().flatMap((page) => page.fences("mermaid"));
  expect(pictures.length).toBeGreaterThan(8);
  expect(pictures.flatMap(problems)).toEqual([]);
});
