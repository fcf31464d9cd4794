import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "./paths.ts";
import { takeLock } from "./lock.ts";

const REFUSAL = { task: "train the run a", advice: "Wait." };

/** Holds a lock in a process of its own until that is killed. */
async function holdElsewhere(path: string): Promise<Deno.ChildProcess> {
  const code = `import { takeLock } from ${
    JSON.stringify(import.meta.resolve("./lock.ts"))
  };
await takeLock(${JSON.stringify(path)}, { task: "", advice: "" });
console.log("held");
setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      `--config=${join(PROJECT_FOLDER, "deno.json")}`,
      `data:application/typescript,${encodeURIComponent(code)}`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  return child;
}

Deno.test("takeLock() refuses a second holder and names the first, until that is killed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const path = join(folder, "new", "lock");
    const child = await holdElsewhere(path);
    await assert.rejects(takeLock(path, REFUSAL), {
      name: "LockError",
      message: new RegExp(
        `^Cannot train the run a: process ${child.pid}, since .+, does so now\\. Wait\\.$`,
      ),
    });
    child.kill("SIGKILL");
    await child.status;
    using _lock = await takeLock(path, REFUSAL);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("takeLock() waits for a lock that is let go of meanwhile", async () => {
  const path = await Deno.makeTempFile({ prefix: "immersic-" });
  try {
    const first = await takeLock(path, REFUSAL);
    const second = takeLock(path, REFUSAL);
    await new Promise((resolve) => setTimeout(resolve, 100));
    first[Symbol.dispose]();
    using _lock = await second;
    await assert.rejects(takeLock(path, REFUSAL), { name: "LockError" });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("takeLock() can be taken again once it is disposed of", async () => {
  const path = await Deno.makeTempFile({ prefix: "immersic-" });
  try {
    const first = await takeLock(path, REFUSAL);
    await assert.rejects(takeLock(path, REFUSAL), { name: "LockError" });
    first[Symbol.dispose]();
    using _lock = await takeLock(path, REFUSAL);
  } finally {
    await Deno.remove(path);
  }
});
