import { bind } from "jest-each";

/**
 * The tests of a file, to be run many times over without loading it anew: what jest has no way to
 * do. Of `describe`, `test` and the hooks it has what the tests of this repository use.
 */

type Body = () => unknown;

/** A `describe`, or the whole file. */
export interface Group {
  readonly name: string;
  readonly parent?: Group;
  readonly hooks: Record<"beforeAll" | "beforeEach" | "afterAll" | "afterEach", Body[]>;
}

/** One test of the file. */
export interface Test {
  readonly name: string;
  readonly group: Group;
  readonly body: Body;
}

/** The tests of one load of a file. */
export class Suite {
  readonly tests: Test[] = [];
  #group: Group = group("");

  /** What a test file finds as globals. */
  globals(): Record<string, unknown> {
    const describe = (name: string, body: Body): void => {
      const outer = this.#group;
      this.#group = group(`${outer.name}${name} › `, outer);
      body();
      this.#group = outer;
    };
    const test = (name: string, body: Body): void => {
      this.tests.push({ name: this.#group.name + name, group: this.#group, body });
    };
    const hook = (when: keyof Group["hooks"]) => (body: Body) => {
      this.#group.hooks[when].push(body);
    };
    const skip = Object.assign(() => undefined, { each: () => () => undefined });
    const all = Object.assign(test, { each: bind(test as never, false, true), skip });
    return {
      describe: Object.assign(describe, { each: bind(describe as never, false, true), skip }),
      test: all,
      it: all,
      beforeAll: hook("beforeAll"),
      beforeEach: hook("beforeEach"),
      afterAll: hook("afterAll"),
      afterEach: hook("afterEach"),
    };
  }
}

function group(name: string, parent?: Group): Group {
  return { name, parent, hooks: { beforeAll: [], beforeEach: [], afterAll: [], afterEach: [] } };
}

/** What is reported while tests run. */
export interface Watch {
  /** A group's `beforeAll` hooks have run. */
  entered?(group: Group): void;
  /**
   * A test has run; `fault` is undefined where it passed.
   * @returns whether to go on
   */
  ran(test: Test, fault: unknown, milliseconds: number): boolean;
}

/** Runs tests in their order, each group's hooks around those of its own. */
export async function runTests(
  tests: readonly Test[],
  timeout: number,
  watch: Watch,
): Promise<void> {
  let entered: Group[] = [];
  const leave = async (kept: number): Promise<void> => {
    const left = entered.slice(kept).reverse();
    entered = entered.slice(0, kept);
    for (const { hooks } of left) await inTime(hooks.afterAll, timeout).catch(() => undefined);
  };
  for (const test of tests) {
    const start = performance.now();
    let fault: unknown;
    try {
      const groups = groupsOf(test);
      const others = groups.findIndex((one, index) => entered[index] !== one);
      await leave(others === -1 ? groups.length : others);
      for (const one of groups.slice(entered.length)) {
        entered.push(one);
        await inTime(one.hooks.beforeAll, timeout);
        watch.entered?.(one);
      }
      try {
        await inTime([...groups.flatMap(({ hooks }) => hooks.beforeEach), test.body], timeout);
      } finally {
        await inTime(
          groups.reverse().flatMap(({ hooks }) => hooks.afterEach),
          timeout,
        );
      }
    } catch (error) {
      fault = error ?? "undefined was thrown";
    }
    if (!watch.ran(test, fault, performance.now() - start)) break;
  }
  await leave(0);
}

/** From the file to the innermost `describe`. */
export function groupsOf({ group: own }: Test): Group[] {
  const groups: Group[] = [];
  for (let one: Group | undefined = own; one !== undefined; one = one.parent) groups.unshift(one);
  return groups;
}

async function inTime(bodies: readonly Body[], timeout: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`takes longer than ${timeout} ms`)), timeout);
  });
  const run = async (): Promise<void> => {
    for (const body of bodies) await body();
  };
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
