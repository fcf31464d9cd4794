import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import {
  COMPLETION,
  completionFor,
  EXPORT,
  flagOf,
  GENERATE,
  helpOf,
  PREPROCESS,
  SHELLS,
  type Task,
  TASKS,
} from "./tasks.ts";
import { parseTask } from "./parse.ts";
import { taskLines } from "./testing.ts";

const config = JSON.parse(
  await Deno.readTextFile(join(PROJECT_FOLDER, "deno.json")),
) as { tasks: Record<string, string> };

Deno.test("TASKS has every task of deno.json, each once", () => {
  assert.deepEqual(
    TASKS.map(({ name }) => name).sort(),
    Object.keys(config.tasks).sort(),
  );
});

Deno.test("helpOf() has every option with meaning, default and example", () => {
  for (const task of TASKS) {
    const help = helpOf(task);
    assert.ok(
      help.split("\n").slice(4).every((line) =>
        line.length <= 100 || /^ {2}deno task /.test(line)
      ),
      task.name,
    );
    for (const [name, option] of Object.entries(task.options)) {
      const flag = flagOf(name);
      const at = help.indexOf(`\n  ${flag}`);
      assert.ok(at >= 0, `${task.name} ${flag}`);
      if (option.is === "flag") continue;
      const text = help.slice(at + 1).split(/\n(?= {2}-|\n)/)[0]!;
      assert.match(text, /Default:\s|Required/, `${task.name} ${flag}`);
      assert.ok(option.example, `${task.name} ${flag} has no example`);
    }
  }
});

Deno.test("TASKS: every example, of a whole command line and of an option, can be parsed", () => {
  for (const task of TASKS) {
    assert.ok(task.examples.length > 0, task.name);
    for (const line of task.examples) {
      const { name, args } = taskLines(line)[0]!;
      assert.equal(name, task.name);
      // Options of the lab are JupyterLab's.
      if (name !== "lab") parseTask(task, args);
    }
    for (const [name, { example }] of Object.entries(task.options)) {
      if (example === undefined) continue;
      const { args } = taskLines(
        `deno task ${task.name} ${flagOf(name)} ${example}`,
      )[0]!;
      parseTask(task.words ? task : withWords(task), args);
    }
  }
});

/** A task that takes any words, for the further values of a list. */
const withWords = (task: Task): Task => ({
  ...task,
  words: { value: "FILE", most: Infinity },
});

Deno.test("parseTask() gives each option its type, and its default where it is not given", () => {
  const given = parseTask(GENERATE, [
    ...["--run", "a", "--out", "b.mid", "--out=c.wav", "--top-k", "3"],
  ]);
  assert.ok(typeof given === "object");
  const { run, out, topK, distance, undo, bars } = given.options;
  assert.deepEqual(
    [run, out, topK, distance, undo, bars],
    ["a", ["b.mid", "c.wav"], 3, 0.3, false, undefined],
  );
  assert.deepEqual(given.named, ["run", "out", "topK"]);
});

Deno.test("parseTask() says what is asked for in place of the work", () => {
  assert.equal(parseTask(PREPROCESS, ["--midi", "a", "-h"]), "help");
  assert.equal(parseTask(EXPORT, ["--version"]), "version");
  assert.throws(() => parseTask(COMPLETION, ["bash", "zsh"]), /one word too/);
});

/** What bash offers for a line, with the cursor at its end. */
async function offeredByBash(line: string): Promise<string[]> {
  const script = `${completionFor("bash")}
COMP_LINE=${JSON.stringify(line)} COMP_POINT=\${#COMP_LINE}
_immersic; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return await offered("bash", ["--norc", "-c", script]);
}

async function offered(shell: string, args: string[]): Promise<string[]> {
  const { stdout, stderr } = await new Deno.Command(shell, {
    ...{ args, cwd: join(PROJECT_FOLDER, "lib") },
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout).split("\n").filter((one) => one !== "");
}

/** Whether a shell is there. */
const hasShell = (shell: string) =>
  new Deno.Command(shell, { args: ["--version"], stdout: "null" }).output()
    .then(({ success }) => success, () => false);

const HAS_BASH = await hasShell("bash"), HAS_FISH = await hasShell("fish");

Deno.test({
  name: HAS_BASH
    ? "completionFor() makes bash offer tasks, options and values"
    : "completionFor() is not tried with bash, as it is not there",
  ignore: !HAS_BASH,
  fn: async () => {
    const table: [string, string[]][] = [
      ["deno task ev", ["evaluate"]],
      ["deno --quiet task setup:", ["tensorflow"]],
      ["deno task generate --te", ["--temperature"]],
      ["deno task train --engine w", ["wasm", "webgpu"]],
      ["deno task train --engine=n", ["native"]],
      ["deno task generate --run star", ["starter"]],
      ["deno task data pop", ["pop909"]],
      ["deno task help imp", ["import"]],
      ["deno task generate --prompt c", []],
      ["deno run ev", []],
    ];
    for (const [line, words] of table) {
      assert.deepEqual(await offeredByBash(line), words, line);
    }
  },
});

Deno.test({
  name: HAS_FISH
    ? "completionFor() makes fish offer tasks, options and values"
    : "completionFor() is not tried with fish, as it is not there",
  ignore: !HAS_FISH,
  fn: async () => {
    const table: [string, string][] = [
      ["deno task ev", "evaluate"],
      ["deno task generate --te", "--temperature"],
      ["deno task train --engine nat", "native"],
      ["deno task generate --run star", "starter"],
      ["deno task data pop", "pop909"],
    ];
    for (const [line, word] of table) {
      const found = await offered("fish", [
        ...["--no-config", "-c"],
        `${completionFor("fish")}\ncomplete -C ${JSON.stringify(line)}`,
      ]);
      assert.deepEqual(found.map((one) => one.split("\t")[0]), [word], line);
    }
  },
});

Deno.test("completionFor() knows every option, in each shell", () => {
  for (const shell of SHELLS) {
    const script = completionFor(shell);
    for (const { options } of TASKS) {
      for (const name of Object.keys(options)) {
        const flag = flagOf(name);
        assert.ok(
          script.includes(flag) || script.includes(`-l ${flag.slice(2)}`),
        );
      }
    }
  }
});

Deno.test("parseTask() puts the home folder in place of ~ in paths, and leaves other texts", () => {
  const home = Deno.env.get(
    Deno.build.os === "windows" ? "USERPROFILE" : "HOME",
  );
  const args = ["--out=~/a.mid", "--out", "b.mid", "--prompt", "~/calm"];
  const given = parseTask(GENERATE, args);
  assert(typeof given === "object");
  assert.deepEqual(given.options.out, [`${home}/a.mid`, "b.mid"]);
  assert.equal(given.options.prompt, "~/calm");
});
