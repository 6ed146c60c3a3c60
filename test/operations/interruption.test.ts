import { AGAIN, Interrupted, interruption } from "../../operations/interruption";

describe("an interruption", () => {
  let said: string;
  let time: number;
  let signal: AbortSignal;
  let again: number;
  const before = new Map<string, NodeJS.SignalsListener[]>();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

  beforeEach(() => {
    [said, time, again] = ["", 0, 0];
    for (const name of names) before.set(name, process.listeners(name));
    jest.spyOn(performance, "now").mockImplementation(() => time);
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
    signal = interruption();
    signal.addEventListener(AGAIN, () => again++);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const name of names) {
      for (const listener of process.listeners(name))
        if (!before.get(name)!.includes(listener)) process.removeListener(name, listener);
    }
  });
  const send = (name: (typeof names)[number], seconds: number): void => {
    time = seconds * 1000;
    process.emit(name);
  };

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("by %s is said, and has the exit code %d", (name, exitCode) => {
    expect(signal.aborted).toBe(false);
    send(name, 5);
    expect(signal.aborted).toBe(true);
    expect(said).toMatch(new RegExp(`^${name}: waiting for .*Another Ctrl-C ends it at once`));
    expect(new Interrupted(signal)).toMatchObject({ exitCode, lines: ["Interrupted."] });
  });

  test("is one where npm, a shell and the terminal each send it", () => {
    send("SIGINT", 5);
    send("SIGINT", 5.2);
    send("SIGHUP", 5.9);
    expect(again).toBe(0);
    expect(said.match(/\n/g)).toHaveLength(1);
  });

  test("is less gentle only by a second Ctrl-C", () => {
    send("SIGINT", 5);
    // As a runner of CI jobs does.
    send("SIGTERM", 12.5);
    send("SIGHUP", 20);
    expect(again).toBe(0);
    send("SIGINT", 30);
    expect(again).toBe(1);
    expect(said).toContain("Once more: ending at once.");
  });
});
