import assert from "node:assert/strict";
import { relative } from "@std/path";
import {
  notebookFaults,
  notebookModule,
  projectNotebooks,
  translateComplaints,
} from "./notebook_check.ts";
import { PROJECT_FOLDER } from "../base/base.ts";

Deno.test("translateComplaints() names the cell and line that a compiler means", () => {
  const cells = [
    { cell_type: "code", source: "const a = 1;" },
    { cell_type: "markdown", source: "# Title\n\nText" },
    { cell_type: "code", source: ["const b = 2;\n", "b.c"] },
  ];
  const { origins } = notebookModule({ cells });
  assert.equal(
    translateComplaints(
      "no c at /tmp/x.ts:3:3, but a at /tmp/x.ts:1:7",
      "/tmp/x.ts",
      "x.ipynb",
      origins,
    ),
    "no c at x.ipynb, code cell 2, line 2, column 3, but a at x.ipynb, code cell 1, line 1, column 7",
  );
});

const text = (output: string) => ({ output_type: "stream", text: [output] });

Deno.test("notebookFaults() finds what a committed notebook must not have", () => {
  const cells = [
    { outputs: [text("at /home/me/music/a.mid")] },
    { outputs: [text("C:\\Users\\me\\a.mid")] },
    { outputs: [text("\u001b[31mred\u001b[0m")] },
    { outputs: [{ output_type: "error", ename: "Error" }] },
    { outputs: [text("https://host/home/x ../tmp/a.mid notebooks/tmp/")] },
    { execution_count: null, outputs: [] },
  ].map((cell, index) => ({
    cell_type: "code",
    source: "",
    execution_count: index + 1,
    ...cell,
  }));
  assert.deepEqual(notebookFaults(JSON.stringify({ cells })), [
    "code cell 1 shows the path /home/me/music/a.mid of one machine",
    "code cell 2 shows the path C:\\\\Users\\\\me\\\\a.mid of one machine",
    "code cell 3 shows escape codes",
    "code cell 4 failed",
    "code cell 6 has execution count null",
  ]);
});

Deno.test("notebookFaults() refuses notebooks that are too large for code hosts", () => {
  const cells = [{ cell_type: "markdown", source: "x".repeat(400_000) }];
  const [fault] = notebookFaults(JSON.stringify({ cells }));
  assert.match(fault!, /bytes are more than 400000/);
});

for (const path of await projectNotebooks()) {
  const name = relative(PROJECT_FOLDER, path);
  Deno.test(`notebookFaults() finds nothing in ${name}`, async () => {
    assert.deepEqual(notebookFaults(await Deno.readTextFile(path)), []);
  });
}
