import assert from "node:assert/strict";
import { join } from "@std/path";
import { run } from "./testing.ts";

Deno.test("main() ends with 2 and the commands for no command or an unknown one", async () => {
  const none = await run();
  assert.equal(none.status, 2);
  assert.equal(none.out, "");
  assert.match(none.err, /^Cannot run: no command is given\.\ndeno task start/);
  for (const name of ["nonsense", "toString", "__proto__"]) {
    const { status, err } = await run(name);
    assert.equal(status, 2);
    assert.ok(err.startsWith(`Cannot run "${name}": there is no such command`));
  }
});

Deno.test("main() shows help on stdout and ends with 0", async () => {
  const asked = [["--help"], ["help"], ["help", "data"], ["data", "-h"]];
  for (const args of asked) {
    const { status, out, err } = await run(...args);
    assert.equal(status, 0);
    assert.match(out, /deno task data/);
    assert.equal(err, "");
  }
});

Deno.test("main.ts runs as a program, and preprocess never loads the tensor library", async () => {
  const graph = async (file: string) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", file],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    return JSON.stringify(
      modules.map((m: { specifier: string }) => m.specifier),
    );
  };
  const here = import.meta.dirname!;
  const modules = await graph(join(here, "preprocess.ts"));
  assert.match(modules, /corpus\/corpus\.ts/);
  assert.doesNotMatch(modules, /tfjs|\/lstm\//);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(here, "main.ts"), "preprocess"],
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /--midi is missing/);
});
