import assert from "node:assert/strict";
import type { Context } from "./jupyterlab.ts";
import { saveInTurn } from "./static/saving.js";

Deno.test("saveInTurn() begins no save before the one before has ended, also if that failed", async () => {
  const told: string[] = [];
  let count = 0;
  const context = {
    async save() {
      const number = ++count;
      told.push(`begin ${number}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      told.push(`end ${number}`);
      if (number === 1) throw new Error("full");
    },
  } as unknown as Context;
  saveInTurn(context);
  const saves = [context.save(), context.save(), context.save()];
  await assert.rejects(saves[0]!, /full/);
  await Promise.all(saves.slice(1));
  assert.deepEqual(
    told,
    [1, 2, 3].flatMap((number) => [`begin ${number}`, `end ${number}`]),
  );
});
