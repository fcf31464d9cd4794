import assert from "node:assert/strict";
import { join } from "@std/path";
import { run, withPlace } from "./testing.ts";

Deno.test("generate redoes, edits and undoes a piece, and keeps how it came to be beside it", () =>
  withPlace(async (folder) => {
    const file = join(folder, "a.mid");
    const generate = async (...args: string[]) => {
      const { status, out, err } = await run(
        ...["generate", "--run", "starter", "--json", ...args],
      );
      assert.equal(status, 0, err);
      return JSON.parse(out);
    };
    const work = (...args: string[]) => generate("--piece", file, ...args);
    const bytes = (name: string) => Deno.readFile(join(folder, name));

    const prompt = "piano and bass, 8 bars, 80 bpm";
    await generate("--prompt", prompt, "--random-seed", "5", "--out", file);
    const first = await bytes("a.mid");
    const redone = await work(
      ...["--redo", "bars 5-6 bass", "--takes", "2", "--random-seed", "9"],
      ...["--out", file, "--wav", join(folder, "a.wav")],
    );
    assert.deepEqual(redone.files, [file, join(folder, "a.wav")]);
    assert.deepEqual(redone.takes, [
      join(folder, "a.take-2.mid"),
      join(folder, "a.take-2.wav"),
    ]);
    assert.deepEqual(redone.recipe.steps[0].takes, [9, 10]);
    const take = await bytes("a.take-2.mid");
    assert.notDeepEqual(await bytes("a.mid"), first);
    assert.notDeepEqual(await bytes("a.mid"), take);
    const kept = await work("--keep", "2");
    assert.deepEqual(await bytes("a.mid"), take);
    assert.deepEqual(kept.files, [file, join(folder, "a.wav")]);
    assert.deepEqual(await bytes("a.wav"), await bytes("a.take-2.wav"));

    await work("--edit", "up 2 semitones");
    assert.deepEqual((await work("--undo")).told, [
      "Last step: bars 5-6 bass, take 2 of 2.",
    ]);
    assert.deepEqual(await bytes("a.mid"), take);
    assert.deepEqual((await work("--undo")).told, [
      "The piece is as it began.",
    ]);
    assert.deepEqual(await bytes("a.mid"), first);

    // A file without a recipe stays as it is.
    await Deno.remove(`${file}.json`);
    const edited = await work("--edit", "90 bpm");
    assert.deepEqual(edited.files, [join(folder, "a-2.mid")]);
    assert.equal(edited.recipe.start.file, "a.mid");
    assert.deepEqual(await bytes("a.mid"), first);
  }));

Deno.test("generate says which piece it replaces, and how that is made again", () =>
  withPlace(async (folder) => {
    const file = join(folder, "a.mid");
    const generate = (...args: string[]) =>
      run("generate", "--run", "starter", "--out", file, ...args);
    const seed = ["--bars", "4", "--random-seed", "5"];
    const first = await generate("--prompt", "calm piano", ...seed);
    assert.doesNotMatch(first.out, /replaced/);
    await Deno.writeTextFile(join(folder, "a.html"), "of the first piece");
    await Deno.writeTextFile(join(folder, "a.txt"), "of no piece");
    const { out } = await generate("--bars", "4");
    assert.match(out, /^Of an earlier piece: a\.html\. Give --out /m);
    assert.match(
      out,
      /^a\.mid was there before and is replaced\. The earlier piece: --prompt "calm piano" --random-seed 5 --bars 4$/m,
    );
  }));
