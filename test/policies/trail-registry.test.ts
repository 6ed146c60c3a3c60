import { TrailRegistry } from "../../policies/trail-registry";
import { FOUR_TRAILS, trailOf } from "../support/trails";

test("lists ARNs, accounts and folders in one order", () => {
  const registry = new TrailRegistry(FOUR_TRAILS.slice(0, 2));
  expect(registry.arns).toEqual([
    "arn:aws:cloudtrail:us-east-1:111111111111:trail/central-trail",
    "arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail",
  ]);
  expect(registry.folders()).toEqual(["AWSLogs/111111111111/", "AWSLogs/222222222222/"]);
  expect(registry.folders("org")).toEqual([
    "org/AWSLogs/111111111111/",
    "org/AWSLogs/222222222222/",
  ]);
});

test("an account with two trails has one folder", () => {
  const registry = new TrailRegistry([
    trailOf("111111111111"),
    trailOf("111111111111", { name: "data-events" }),
  ]);
  expect(registry.arns).toHaveLength(2);
  expect(registry.folders()).toEqual(["AWSLogs/111111111111/"]);
});

test("refuses an empty list, twins and mixed partitions, all at once", () => {
  expect(() => new TrailRegistry([])).toThrow("No trail is listed");
  const mixed = [
    trailOf("111111111111"),
    trailOf("111111111111"),
    trailOf("222222222222", { partition: "aws-cn", homeRegion: "cn-north-1" }),
  ];
  expect(() => new TrailRegistry(mixed)).toThrow(
    /arn:aws:cloudtrail:us-east-1:111111111111:trail\/central-trail is listed twice.*\n.*several partitions.*aws, aws-cn/,
  );
});
