import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, DataResource, LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { DestinationStack, MemberStack, synthesize, UpkeepStack } from "../../stacks";
import { fourAccounts } from "../support/environment";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const four = fourAccounts();
const environment = fourAccounts({
  destination: { ...four.destination, retention: { expireDays: 400 } },
  members: four.members.slice(0, 1),
});
const DESTINATION = "test-destination";
const OTHERS = ["test-member-222222222222", "test-upkeep"];

/** Where an app may put its stacks: the destination's scope, and the others'. */
const SCOPES: Record<string, (app: App) => readonly [Construct, Construct]> = {
  "the app": (app) => [app, app],
  "a wrapper": (app) => {
    const wrapper = new Construct(app, "Wrapper");
    return [wrapper, wrapper];
  },
  "nested wrappers": (app) => {
    const inner = new Construct(new Construct(new Construct(app, "a"), "b"), "c");
    return [inner, inner];
  },
  "a wrapper each": (app) => [new Construct(app, "One"), new Construct(app, "Other")],
  "a wrapper, the others right below the app": (app) => [new Construct(app, "One"), app],
  "another stack": (app) => {
    const outer = new TerraformStack(app, "outer");
    return [outer, outer];
  },
};

function build(scopes: (app: App) => readonly [Construct, Construct], name: string): App {
  const app = new App({ outdir: join(folder(), name) });
  const [first, other] = scopes(app);
  const props = { environment, stateDirectory: "/state" };
  const destination = new DestinationStack(first, props);
  for (const member of environment.members)
    new MemberStack(other, { ...props, member, destination });
  new UpkeepStack(other, { ...props, destination });
  return app;
}

/** What cdktf-cli and our own deploy read: each stack's name with what it waits for. */
function order({ outdir }: App): Record<string, readonly string[]> {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { name: string; dependencies: string[] }>;
  };
  return Object.fromEntries(
    Object.values(manifest.stacks).map(({ name, dependencies }) => [name, dependencies]),
  );
}

/** A stack's Terraform, without cdktf's notes on where it was written. */
function written({ outdir }: App, name: string): unknown {
  const text = readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
  return JSON.parse(text, (key, value: unknown) => (key === "//" ? undefined : value));
}

describe.each([
  ["cdktf's own synth", (app: App): void => app.synth()],
  ["ours", synthesize],
])("by %s", (_, synth) => {
  test.each(Object.keys(SCOPES))("stacks in %s keep their order, names and Terraform", (scope) => {
    const plain = build(SCOPES["the app"]!, "plain");
    synth(plain);
    const app = build(SCOPES[scope]!, "wrapped");
    synth(app);
    const { outer, ...found } = order(app);
    expect(outer).toEqual(scope === "another stack" ? [] : undefined);
    expect(found).toEqual({
      [DESTINATION]: [],
      ...Object.fromEntries(OTHERS.map((name) => [name, [DESTINATION]])),
    });
    for (const name of [DESTINATION, ...OTHERS])
      expect(written(app, name)).toEqual(written(plain, name));
  });

  test("two stacks of one name are refused, whoever's they are", () => {
    const app = new App({ outdir: join(folder(), "twice") });
    const props = { environment, stateDirectory: "/state" };
    new DestinationStack(new Construct(app, "One"), props);
    const other = new TerraformStack(new Construct(app, "Two"), DESTINATION);
    new LocalBackend(other, { path: "/state/other.tfstate" });
    expect(() => synth(app)).toThrow(
      `One/${DESTINATION} and Two/${DESTINATION} are stacks of one name, ${DESTINATION}`,
    );
  });
});

test("a stack of the user's own that waits for one of ours keeps its order too", () => {
  const app = build(SCOPES["a wrapper"]!, "wrapped");
  const own = new TerraformStack(new Construct(app, "Mine"), "dashboards");
  new DataResource(own, "data", {});
  own.addDependency(app.node.findChild("Wrapper").node.findChild(DESTINATION) as TerraformStack);
  synthesize(app);
  expect(order(app)).toMatchObject({ dashboards: [DESTINATION] });
});
