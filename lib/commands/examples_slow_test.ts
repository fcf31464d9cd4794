import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { TASKS } from "../tasks/tasks.ts";
import { taskLines } from "../tasks/testing.ts";
import { copyMidiFiles, run, SMALL_NETWORK, withPlace } from "./testing.ts";

/** Those whose examples have tests of their own, or set up or run for minutes. */
const ELSEWHERE = [
  "start",
  "lab",
  "notebooks",
  "transcribe",
  "setup:tensorflow",
  "sbom",
  "ok",
  "test",
  "audit",
];

Deno.test("help: every example of a command runs", () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi");
    await copyMidiFiles(STARTER_FOLDER, midi, 9);
    /** What makes an example small, and finds what is not in the project here. */
    const more: Record<string, string[]> = {
      train: ["--set", SMALL_NETWORK],
      evaluate: ["--data", join(folder, "mine")],
    };
    /** An argument with files and runs of this test alone. */
    const own = (arg: string) =>
      arg === "mine"
        ? name
        : arg === "theirs"
        ? `${name}-b`
        : arg === "data/starter"
        ? midi
        : arg.replace(/^(?:outputs|data\/processed)(?=\/)/, folder);
    const commands = TASKS.filter((task) => !ELSEWHERE.includes(task.name));
    assert.ok(commands.length >= 10);
    // An export of data needs the corpus that preprocess leaves, and so on.
    const order = ["preprocess", "train", "evaluate", "export", "import"];
    for (
      const { examples } of commands.toSorted((a, b) =>
        order.indexOf(a.name) - order.indexOf(b.name)
      )
    ) {
      for (const line of examples) {
        const { name, args } = taskLines(line)[0]!;
        const { status, err } = await run(
          ...[name, ...args.map(own), ...more[name] ?? []],
        );
        assert.equal(status, 0, `${line}: ${err}`);
      }
    }
    const piece = await Deno.stat(join(folder, "p.mid"));
    assert.ok(piece.size > 0);
  }));
