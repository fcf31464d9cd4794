import assert from "node:assert/strict";
import { join } from "@std/path";
import { inScratchFolder, ScratchFile } from "./scratch_file.ts";

Deno.test("ScratchFile gives its pieces again, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  const path = join(folder, "new", "scratch");
  const pieces = [Uint8Array.of(1, 2, 3), new Uint8Array(100_000).fill(7)];
  {
    using scratch = new ScratchFile(path);
    await scratch.append(pieces[0]!);
    assert.deepEqual(await Array.fromAsync(scratch.pieces()), [pieces[0]]);
    await scratch.append(pieces[1]!);
    assert.deepEqual(await Array.fromAsync(scratch.pieces()), pieces);
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ScratchFile that was never written leaves nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  {
    using scratch = new ScratchFile(join(folder, "scratch"));
    assert.deepEqual(await Array.fromAsync(scratch.pieces()), []);
  }
  await Deno.remove(folder); // it is empty
});

Deno.test("inScratchFolder() removes its folder, also after a failure", () => {
  const seen: string[] = [];
  const bytes = Uint8Array.of(1);
  const length = inScratchFolder(["a", bytes], (folder) => {
    seen.push(folder);
    return Deno.readFileSync(join(folder, "a")).length;
  });
  assert.equal(length, 1);
  assert.throws(
    () =>
      inScratchFolder(["a", bytes], (folder) => {
        seen.push(folder);
        throw new Error("no");
      }),
    /^Error: no$/,
  );
  for (const folder of seen) {
    assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound);
  }
});
