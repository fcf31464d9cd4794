// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/** The relay against the text of the Jupyter protocol, without a front end. */

import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";

/** Runs a Python script of this folder. Returns the JSON that it prints. */
async function runScript(
  name: string,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const { python, environment } = await setUp(console.error);
  const { stdout, stderr } = await new Deno.Command(python, {
    args: [join(PROJECT_FOLDER, "lib", "kernel", name), ...args],
    env: environment,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return JSON.parse(text(stdout) || text(stderr));
}

Deno.test("relay.py keeps to the Jupyter protocol", async (test) => {
  const seen = await runScript(
    "protocol_client.py",
    join(PROJECT_FOLDER, "notebooks"),
  );
  const step = (name: string, field: string, expected: unknown) =>
    test.step(name, () => assert.deepEqual(seen[field], expected));
  await step(
    "sends busy, input, outputs and idle in this order",
    "case_order",
    [
      ["busy", "execute_input", "a\n", "b\n", "execute_result", "idle"],
      "ok",
    ],
  );
  await step("greets each subscriber to outputs", "case_welcome", [
    ["iopub_welcome", { subscription: "" }],
    ["iopub_welcome", { subscription: "" }],
    ["iopub_welcome", { subscription: "status" }],
  ]);
  // The last status that a front end sees before the cell ends is the cell's.
  const states = [["busy", false], ["idle", false], ["busy", true]];
  await step("says what the kernel is while a cell runs", "case_busy", [
    "typescript",
    true,
    [...states, ["idle", true]],
  ]);
  await step(
    "gives back the cells that were sent before a failure, on any clock",
    "case_give_back",
    Array(3).fill(["aborted", "ok"]),
  );
  await step("gives back the rest of a notebook", "case_notebook", [
    "error",
    ...Array(10).fill("aborted"),
    "ok",
  ]);
  await step(
    "runs the next cell after a failure or a stop if stop_on_error is false",
    "case_stop_on_error",
    Array(2).fill([["error", "aborted"], ["error", "ok"]]).flat(),
  );
  await step("answers a question with nothing on Stop", "case_input", [
    `"one"`,
    `"null"`,
    `"three"`,
  ]);
  await step("ends cells though something blocks", "case_blocked", true);
  await step("passes on outputs of any kind", "case_strange", "ok");
  await step("ignores those who do not have the key", "case_unsigned", false);
  await step("keeps what runs and what waits", "case_journal_running", [
    [
      "running",
      `console.log("x"); console.log("y"); await new Promise((go) => setTimeout(go, 500));`,
      [{ output_type: "stream", name: "stdout", text: "x\ny\n" }],
    ],
    ["waiting", "2", []],
  ]);
  await step(
    "has Deno complete a name where the language server is late",
    "case_late",
    ["lateName"],
  );
  await test.step("explains errors in few words", () => {
    const [refused, sentence, failed] = seen["case_errors"] as string[];
    assert.match(refused!, /^SyntaxError: Expression expected\n[^]*column 11$/);
    assert.equal(sentence, "Cannot pick an element: the array is empty.");
    assert.equal(failed, "TypeError: no");
  });
  await test.step("keeps outputs as nbclient does", () => {
    const [nbclient, journal] = seen["case_journal"] as [unknown, unknown];
    assert.deepEqual(journal, nbclient);
    assert.equal((journal as unknown[]).length, 6);
  });
});

Deno.test("relay.py outlives its server, and the next server finds it by the file", async () => {
  assert.deepEqual(
    await runScript("rejoin_client.py", join(PROJECT_FOLDER, "notebooks")),
    {
      variable: "41",
      counted: ["ok", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"],
      next: "42",
      sameRelay: true,
      afterRestart: `"undefined"`,
      left: 0,
    },
  );
});
