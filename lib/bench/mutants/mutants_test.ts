import assert from "node:assert/strict";
import { benchMutants } from "./mutants.ts";

Deno.test("benchMutants() finds 2,000 mutants that end in equal music or a named error", async () => {
  const { accepted, faults_by_kind: faults, examples } = await benchMutants(
    { count: 2_000 },
    () => {},
  );
  assert.deepEqual(faults, {}, JSON.stringify(examples));
  assert.ok(Number(accepted) > 1_500, `${accepted} accepted`);
});
