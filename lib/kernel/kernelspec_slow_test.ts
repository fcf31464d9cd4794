// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";

Deno.test("the Python in .venv finds and uses the registered kernel", async () => {
  const { python } = await setUp(console.error);
  const home = await Deno.makeTempDir();
  const { stdout, stderr } = await new Deno.Command(python, {
    args: [
      join(PROJECT_FOLDER, "lib", "kernel", "kernelspec_client.py"),
      join(PROJECT_FOLDER, "notebooks"),
    ],
    // An editor knows none of the variables that this project sets.
    clearEnv: true,
    env: {
      HOME: home,
      PATH: Deno.env.get("PATH") ?? "",
      DENO_DIR: Deno.env.get("DENO_DIR") ??
        join(Deno.env.get("HOME") ?? "", ".cache", "deno"),
    },
  }).output();
  await Deno.remove(home, { recursive: true });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.deepEqual(JSON.parse(text(stdout) || text(stderr)), {
    spec: join("share", "jupyter", "kernels", "deno"),
    interrupt_mode: "message",
    language: "typescript",
    import: ["ok", "true"],
    stop: ["ok", "started\nended in good order\n"],
    after: ["ok", "2"],
    failure: ["error", ""],
    ended: true,
  });
});
