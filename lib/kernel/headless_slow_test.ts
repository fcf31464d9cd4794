// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
import assert from "node:assert/strict";
import { join } from "@std/path";
import { OUTPUTS_FOLDER, PROJECT_FOLDER } from "../base/base.ts";
import { HAS_TENSORFLOW, WHY_SKIPPED } from "../tensorflow/testing.ts";
import { setUp } from "../tools/tools.ts";
import { NotebookError, type NotebookRun, runNotebook } from "./headless.ts";
import { type LabCell, printed, testNotebook, waitFor } from "./lab_testing.ts";

/** Runs a notebook of these code cells and returns them as executed. */
async function execute(
  cells: readonly string[],
  options: Partial<NotebookRun> & { taggedCell?: number } = {},
): Promise<LabCell[]> {
  // Within the project, whose imports a cell then has.
  await Deno.mkdir(OUTPUTS_FOLDER, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: OUTPUTS_FOLDER });
  try {
    const notebook = join(folder, "test.ipynb");
    const output = join(folder, "executed.ipynb");
    const content = JSON.parse(testNotebook(cells));
    if (options.taggedCell !== undefined) {
      content.cells[options.taggedCell].metadata.tags = ["parameters"];
    }
    await Deno.writeTextFile(notebook, JSON.stringify(content));
    const workbench = await setUp(console.error);
    await runNotebook({ notebook, output, ...options }, workbench);
    return JSON.parse(await Deno.readTextFile(options.output ?? output)).cells;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const shown = (cell: LabCell) =>
  cell.outputs.filter(({ data }) => data)
    .map(({ data }) => [data["text/plain"]].flat().join(""));

/** Lines, displays and a result from each cell, some not awaited. */
const MANY_OUTPUTS = Array.from({ length: 6 }, (_, cell) => `
  for (let i = 0; i < 60; i++) console.log("${cell}:", i);
  for (let i = 0; i < 10; i++) {
    Deno.jupyter.display({ "text/plain": "${cell} shows " + i }, { raw: true });
  }
  for (let i = 0; i < 10; i++) {
    await Deno.jupyter.display({ "text/plain": "${cell} is at " + i }, {
      raw: true,
      display_id: "${cell}",
      update: i > 0,
    });
  }
  console.log("${cell}: end");
  ${cell};`);

const RUNS = Number(Deno.env.get("IMMERSIC_NOTEBOOK_RUNS") ?? 5);

for (let run = 1; run <= RUNS; run++) {
  Deno.test(`runNotebook() loses no output, run ${run}`, async () => {
    const cells = await execute(MANY_OUTPUTS);
    cells.forEach((cell, index) => {
      assert.equal(cell.execution_count, index + 1);
      const lines = Array.from({ length: 60 }, (_, i) => `${index}: ${i}\n`);
      assert.equal(printed(cell), [...lines, `${index}: end\n`].join(""));
      assert.deepEqual(shown(cell), [
        ...Array.from({ length: 10 }, (_, i) => `${index} shows ${i}`),
        `${index} is at 9`,
        String(index),
      ]);
    });
  });
}

Deno.test("runNotebook() puts an update into the cell that showed it first", async () => {
  const show = (text: string, update: boolean) =>
    `await Deno.jupyter.display({ "text/plain": "${text}" }, { raw: true, display_id: "a", update: ${update} });`;
  const cells = await execute([show("first", false), show("second", true)]);
  assert.deepEqual(cells.map(shown), [["second"], []]);
});

Deno.test("runNotebook() keeps the order of printed lines and errors", async () => {
  const [cell] = await execute([
    `console.error("a"); console.log("b"); console.log("c"); console.error("d");`,
  ]);
  assert.deepEqual(
    cell!.outputs.map(({ name, text }) => `${name} ${[text].flat().join("")}`),
    ["stderr a\n", "stdout b\nc\n", "stderr d\n"],
  );
});

Deno.test("runNotebook() names the cell that failed, and saves the notebook up to there", async () => {
  const output = await Deno.makeTempFile({ suffix: ".ipynb" });
  await assert.rejects(
    execute(
      [`console.log("fine")`, `throw new RangeError("too many")`, "3"],
      { output },
    ),
    (error) =>
      error instanceof NotebookError &&
      /^test\.ipynb, code cell 2 of 3 failed:\nRangeError: too many\n/.test(
        error.message,
      ),
  );
  const { cells } = JSON.parse(await Deno.readTextFile(output));
  assert.deepEqual(
    cells.map((cell: LabCell) => cell.outputs.length),
    [1, 1, 0],
  );
});

Deno.test("runNotebook() says why a cell cannot be parsed", async () => {
  await assert.rejects(
    execute(["const a = 1;\nconst b = ;"]),
    /code cell 1 of 1 failed:\nSyntaxError: .*line 2, column 11/s,
  );
});

Deno.test("runNotebook() names the cell to run first when one comes too early", async () => {
  await assert.rejects(
    execute(["data;", "const database = 0;", "const data = 1;"]),
    /code cell 1 of 3 failed:\nReferenceError: data is not defined\. Run code cell 3 first, or all cells above this one\.$/,
  );
});

Deno.test("runNotebook() says what to import where no cell has a name", async () => {
  await assert.rejects(
    execute(["await redoPiece();"]),
    /ReferenceError: redoPiece is not defined\. Import it: import \{ redoPiece \} from "immersic\/notebook\/notebook\.ts";$/,
  );
});

Deno.test({
  name: `a cell trains with TensorFlow${WHY_SKIPPED}`,
  ignore: !HAS_TENSORFLOW,
  async fn() {
    const [, cell] = await execute([
      `import { chooseEngine, createNetwork } from "immersic/engines/engines.ts";`,
      `const { name } = await chooseEngine("tensorflow");
const network = await createNetwork(name, {
  input: { kind: "onehot", size: 5 },
  layers: [
    { kind: "lstm", name: "lstm", units: 8, returnSequences: true },
    { kind: "dense", name: "dense", units: 5 },
  ],
  loss: "softmax",
});
await network.setWeights(
  new Map([["lstm/kernel", Array.from({ length: 160 }, (_, i) => Math.sin(i))]]),
);
const ids = Int32Array.from({ length: 40 }, (_, i) => i % 5);
const batch = { size: 4, steps: 10, inputs: ids, targets: ids };
for (let step = 1; step <= 20; step++) {
  const { loss } = await network.trainStep(batch, {
    optimizer: "adam",
    learningRate: 0.1,
    step,
  });
  console.log(loss);
}
network.dispose();`,
    ]);
    const losses = printed(cell!).trim().split("\n").map(Number);
    assert.equal(losses.length, 20);
    assert.ok(Math.abs(losses[0]! - Math.log(5)) < 1e-6, `${losses[0]}`);
    assert.ok(losses[19]! < 0.1, `${losses[19]}`);
  },
});

Deno.test("cell_errors.defines() tells a definition from a use", async () => {
  const yes = [
    "const data = 1;",
    "1;\nlet data: number;",
    "class data {}",
    "async function data() {}",
    "const { a, b: data } = { a: 1, b: 2 };",
    'import {\n  basename,\n  join as data,\n} from "@std/path";',
  ];
  const no = [
    "const a = data;\nconst b = a.data;",
    "const database = 1, $data = 2;",
    "for (;;) {\n  const data = 1;\n}",
    'const a = "const data = 1;";',
  ];
  const { python } = await setUp(console.error);
  const program = `import json, sys; from cell_errors import defines
print(json.dumps([defines(source, "data") for source in json.loads(sys.argv[1])]))`;
  const { stdout } = await new Deno.Command(python, {
    args: ["-c", program, JSON.stringify([...yes, ...no])],
    cwd: join(PROJECT_FOLDER, "lib", "kernel"),
  }).output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [
    ...yes.map(() => true),
    ...no.map(() => false),
  ]);
});

Deno.test("runNotebook() ends a cell that takes too long", async () => {
  await assert.rejects(
    execute(["await new Promise(() => setInterval(() => {}, 1000))"], {
      cellSeconds: 1,
    }),
    /code cell 1 of 1 was still running after 1 s/,
  );
});

Deno.test("runNotebook() says so when the kernel dies", async () => {
  await assert.rejects(execute(["1", "Deno.exit(3)"]), /kernel died.* 2 of 2/);
});

Deno.test("runNotebook() sets parameters and shows them in the copy", async () => {
  const cells = await execute([
    "const parameters = { epochs: 30, run: 'first' };",
    "parameters",
  ], { taggedCell: 0, parameters: { epochs: 2 } });
  assert.equal(cells.length, 3);
  assert.match([cells[1]!.source].flat().join(""), /"epochs": 2/);
  assert.deepEqual(shown(cells[2]!), ['{ epochs: 2, run: "first" }']);
});

Deno.test("runNotebook() refuses a parameter that the notebook does not have", async () => {
  await assert.rejects(
    execute(["const parameters = { epochs: 30 };"], {
      taggedCell: 0,
      parameters: { epoch: 2 },
    }),
    /Cannot add property epoch/,
  );
  await assert.rejects(
    execute(["1"], { parameters: { epoch: 2 } }),
    /no cell is tagged "parameters"/,
  );
});

// On Windows no process can send another one Ctrl-C.
const SIGNALS = Deno.build.os === "windows"
  ? ["SIGKILL"] as const
  : ["SIGINT", "SIGKILL"] as const;

for (const signal of SIGNALS) {
  Deno.test(`runNotebook() ends the kernel on ${signal}`, async () => {
    const folder = await Deno.makeTempDir();
    const notebook = join(folder, "test.ipynb");
    const pidFile = join(folder, "pid");
    await Deno.writeTextFile(
      notebook,
      testNotebook([
        `await Deno.writeTextFile("pid", String(Deno.pid)); while (true);`,
      ]),
    );
    const code = `
    import { setUp } from "immersic/tools/tools.ts";
    import { runNotebook } from "immersic/kernel/headless.ts";
    const [notebook, output] = Deno.args;
    await runNotebook({ notebook, output }, await setUp(() => {}));`;
    const runner = new Deno.Command(Deno.execPath(), {
      args: ["eval", code, notebook, join(folder, "executed.ipynb")],
      cwd: PROJECT_FOLDER,
      stderr: "null",
    }).spawn();
    const pid = async () => Number(await Deno.readTextFile(pidFile));
    await waitFor("the kernel", 30, () => pid().catch(() => 0));
    runner.kill(signal);
    assert.equal((await runner.status).success, false);
    await waitFor("its end", 10, async () => !await isRunning(await pid()));
    const copy = join(folder, "executed.ipynb");
    await waitFor("the copy", 10, () => Deno.stat(copy).catch(() => false));
    await Deno.remove(folder, { recursive: true });
  });
}

async function isRunning(pid: number): Promise<boolean> {
  if (Deno.build.os === "windows") {
    const args = ["/FI", `PID eq ${pid}`, "/NH"];
    const { stdout } = await new Deno.Command("tasklist", { args }).output();
    return new TextDecoder().decode(stdout).includes(String(pid));
  }
  try {
    Deno.kill(pid, "SIGCONT"); // does nothing to a running process
    return true;
  } catch {
    return false;
  }
}
