import assert from "node:assert/strict";
import type { Requirement, RequirementOf } from "./requirement.ts";
import { checkTold, type Told, treatmentOf } from "./told.ts";

const told = (
  understood: [phrase: string, meaning: string][],
  ignored: string[] = [],
  notes: string[] = [],
): Told => ({
  understood: understood.map(([phrase, meaning]) => ({ phrase, meaning })),
  ignored,
  notes,
});
const isTold = (
  topic: RequirementOf<"told">["topic"],
  what: string,
  one: Told,
) => checkTold(one, { is: "told", topic, what }).met;

Deno.test("checkTold() wants a name told as not known, or not understood", () => {
  const what = "Daft Punk is not known as a style; the rest is obeyed";
  assert.ok(isTold("name-not-known", what, told([], ["Daft Punk"])));
  assert.ok(
    isTold("name-not-known", what, told([], [], ["I do not know Daft Punk."])),
  );
  assert.ok(!isTold("name-not-known", what, told([], ["filter"])));
  assert.ok(
    !isTold("name-not-known", what, told([["daft punk", "mood: happy"]])),
  );
});

Deno.test("checkTold() wants what cannot be made denied", () => {
  const what = "singing and words cannot be made; the music is instrumental";
  assert.ok(isTold("not-possible", what, told([], ["vocals"])));
  assert.ok(
    isTold("not-possible", what, told([], [], ["Nothing here sings lyrics."])),
  );
  assert.ok(
    !isTold("not-possible", what, told([["vocals", "with choir"]], ["ocean"])),
  );
});

Deno.test("checkTold() wants the choice, and the side of a contradiction, named", () => {
  const choice = "which of D and F was taken";
  assert.ok(
    isTold("choice", choice, told([], [], ["Of D and F, F is chosen."])),
  );
  assert.ok(!isTold("choice", choice, told([["in D", "key: D major"]])));
  assert.ok(
    isTold(
      "choice",
      "which mode was taken",
      told([], [], [
        '"dorian or mixolydian": dorian was chosen.',
      ]),
    ),
  );
  const waltz = "a waltz is in three; which metre was taken";
  assert.ok(
    isTold(
      "contradiction",
      waltz,
      told([], [], [
        'A "waltz" contradicts 4/4; 4/4 is taken.',
      ]),
    ),
  );
  assert.ok(!isTold("contradiction", waltz, told([["waltz", "meter: 3/4"]])));
});

Deno.test("treatmentOf() tells what was admitted, what was claimed, and what was passed over", () => {
  const asked: Requirement = { is: "plays", any: ["violin"] };
  const of = (one: Told) => treatmentOf("two fiddles dancing", one, asked);
  assert.equal(of(told([], [], ["No violin: strings play."])), "told");
  assert.equal(of(told([], ["fiddles", "dancing"])), "told");
  assert.equal(of(told([["fiddles", "with violin"]], ["dancing"])), "believed");
  assert.equal(of(told([["dancing", "tempo: fast"]])), "silent");
  const scene = told([], ["talking", "dinner"]);
  const implied: Requirement = { is: "rate", notesPerSecond: [0, 1] };
  const ofScene = (asked: Requirement) =>
    treatmentOf("people not talking at dinner", scene, asked);
  assert.equal(ofScene(implied), "silent");
  assert.equal(ofScene({ ...implied, implied: true }), "told");
  // With every word told, nothing was passed over, whatever the words.
  assert.equal(
    treatmentOf("two kazoos", told([], ["kazoos"]), asked),
    "told",
  );
});
