import { type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * Has cdktf's manifest name the stacks that this one waits for. cdktf 0.21 itself writes their
 * paths, which are names only right below the app: of any other `cdktf deploy` says that it is not
 * there, and `cdktf destroy` forgets the order. And no two stacks of the app may have one name,
 * since one's files would silently be the other's.
 */
export function nameDependencies(stack: TerraformStack): void {
  if (stack.synthesizer instanceof NamingSynthesizer) return;
  stack.synthesizer = new NamingSynthesizer(stack, stack.synthesizer);
  const { root } = stack.node;
  if (checked.has(root)) return;
  checked.add(root);
  root.node.addValidation({ validate: () => sharedNames(root) });
}

/** Apps whose names are checked. */
const checked = new WeakSet<IConstruct>();

class NamingSynthesizer implements IStackSynthesizer {
  constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const { dependencies } = session.manifest.forStack(this.stack);
    const names = this.stack.dependencies.map(({ node }) => node.id);
    dependencies.splice(0, dependencies.length, ...names);
  }
}

function sharedNames(root: IConstruct): string[] {
  const paths = new Map<string, string[]>();
  for (const { node } of root.node.findAll().filter((one) => TerraformStack.isStack(one)))
    paths.set(node.id, [...(paths.get(node.id) ?? []), node.path]);
  return [...paths].flatMap(([name, all]) =>
    all.length === 1
      ? []
      : [
          `${all.join(" and ")} are stacks of one name, ${name}, and so of one folder and one state: give each stack of an app a name of its own`,
        ],
  );
}
