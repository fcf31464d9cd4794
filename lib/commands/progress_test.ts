import assert from "node:assert/strict";
import { barLine, ProgressLine } from "./progress.ts";

Deno.test("barLine() fills a bar by its share, and cuts the text to the terminal", () => {
  assert.equal(
    barLine("half", 0.5, 80),
    `${"█".repeat(10)}${"░".repeat(10)} half`,
  );
  assert.equal(barLine("all", 7, 80), `${"█".repeat(20)} all`);
  assert.equal(barLine("reading a file", undefined, 7), "reading");
});

Deno.test("ProgressLine shows lines where there is no terminal, one a second, the latest", async () => {
  const lines: string[] = [];
  const progress = new ProgressLine({
    log: () => {},
    error: (line) => lines.push(line),
  });
  progress.show("reading");
  assert.deepEqual(lines, []);
  progress.show("1 of 3", 1 / 3);
  progress.show("2 of 3", 2 / 3);
  assert.deepEqual(lines, ["1 of 3"]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(lines, ["1 of 3", "2 of 3"]);
  progress.clear();
});
