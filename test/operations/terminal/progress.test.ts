import { startProgress } from "../../../operations/terminal/progress";

function stream(isTTY: boolean): {
  written: string;
  write(text: string): boolean;
  isTTY: boolean;
  columns: number;
} {
  return {
    written: "",
    isTTY,
    columns: 30,
    write(text) {
      this.written += text;
      return true;
    },
  };
}

afterEach(() => jest.useRealTimers());

test("where no terminal is, only milestones are written", () => {
  jest.useFakeTimers();
  const out = stream(false);
  const progress = startProgress(out);
  progress.status("working");
  jest.advanceTimersByTime(12_400);
  progress.milestone("half");
  progress.stop();
  expect(out.written).toBe("half (12 s)\n");
});

test("on a terminal one line counts the seconds, never wraps, and goes away", () => {
  jest.useFakeTimers();
  const out = stream(true);
  const progress = startProgress(out);
  progress.status("working on something that is long");
  expect(out.written).toBe("\r\u001b[2Kworking on something that is ");
  progress.status("short");
  out.written = "";
  jest.advanceTimersByTime(2000);
  expect(out.written).toBe("\r\u001b[2Kshort … 1 s\r\u001b[2Kshort … 2 s");
  out.written = "";
  progress.milestone("done");
  expect(out.written).toBe("\r\u001b[2Kdone (2 s)\n\r\u001b[2Kshort … 2 s");
  progress.stop();
  out.written = "";
  jest.advanceTimersByTime(5000);
  expect(out.written).toBe("");
});
