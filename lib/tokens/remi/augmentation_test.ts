import assert from "node:assert/strict";
import {
  ATTRIBUTE_NAMES,
  type NoteSequence,
  transposeSequence,
} from "../../music/music.ts";
import { RemiAugmenter, type Variation } from "./augmentation.ts";
import { Random } from "../../base/base.ts";
import { RemiGrammar } from "./grammar.ts";
import { RemiTokenizer } from "./tokenizer.ts";
import { closedVocabulary } from "./tokens.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

const tokenizer = new RemiTokenizer();

const CHORDS = [[48, 55, 64], [53, 57, 60], [43, 59, 65]];
const MELODY = [72, 74, 76, 79, 76, 74, 72, 67];

/** Eight bars in C major: chords, a melody and drums. */
const SONG: NoteSequence = (() => {
  const notes = [];
  for (const [bar, melody] of MELODY.entries()) {
    const startTicks = 48 * bar;
    for (const pitch of CHORDS[bar % 3]!) {
      notes.push({
        pitch,
        velocity: 60,
        startTicks,
        endTicks: startTicks + 48,
        part: 0,
      });
    }
    notes.push({
      pitch: melody,
      velocity: 90,
      startTicks: startTicks + 12,
      endTicks: startTicks + 36,
      part: 0,
    });
    notes.push({
      pitch: 36,
      velocity: 124,
      startTicks: startTicks + 24,
      endTicks: startTicks + 25,
      part: 1,
    });
  }
  return {
    ticksPerQuarter: 12,
    parts: [0, 0].map((program, i) => ({ name: "", program, isDrum: i === 1 })),
    notes,
    tempos: [{ ticks: 0, qpm: 74 }, { ticks: 100, qpm: 80 }],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: 8 * 48,
  };
})();

const TOKENS = tokenizer.encode(SONG);
const VOCABULARY = Vocabulary.fromTokens(closedVocabulary([
  ...TOKENS,
  ..."Pitch_40 Pitch_86 Tempo_60 Tempo_100 Velocity_4 Velocity_124".split(" "),
]));
const IDS = VOCABULARY.encode(TOKENS);
const augmenter = new RemiAugmenter(VOCABULARY);
const vary = (variation: Variation) =>
  VOCABULARY.decode(augmenter.vary(IDS, variation));

Deno.test("RemiAugmenter.vary() gives the tokens that the transposed music has", () => {
  for (let semitones = -3; semitones <= 7; semitones++) {
    assert.deepEqual(
      vary({ semitones }),
      tokenizer.encode(transposeSequence(SONG, semitones)),
      `${semitones} semitones`,
    );
  }
  assert.ok(vary({ semitones: 7 }).includes("Register_high"));
  assert.ok(vary({ semitones: -3 }).includes("Key_A"));
});

Deno.test("RemiAugmenter.vary() gives the tokens that the faster music has", () => {
  for (const tempoRatio of [0.9, 1.05, 1.1]) {
    const tempos = SONG.tempos.map(({ ticks, qpm }) => (
      { ticks, qpm: qpm * tempoRatio }
    ));
    assert.deepEqual(
      vary({ tempoRatio }),
      tokenizer.encode({ ...SONG, tempos }),
      `ratio ${tempoRatio}`,
    );
  }
});

Deno.test("RemiAugmenter.vary() gives the tokens that the louder music has", () => {
  for (const velocityBins of [-2, 1, 3]) {
    const notes = SONG.notes.map((note) => (
      { ...note, velocity: Math.min(note.velocity + 8 * velocityBins, 127) }
    ));
    assert.deepEqual(
      vary({ velocityBins }),
      tokenizer.encode({ ...SONG, notes }),
      `${velocityBins} bins`,
    );
  }
});

Deno.test("RemiAugmenter.vary() stops at the vocabulary's softest and loudest", () => {
  const only = Vocabulary.fromTokens(closedVocabulary(TOKENS));
  const loud = new RemiAugmenter(only)
    .vary(only.encode(TOKENS), { velocityBins: 5 });
  // 60, 92 and 124 became 100, 124 and 124.
  assert.deepEqual(
    [...new Set(only.decode(loud).filter((t) => t.startsWith("Vel")))],
    ["Velocity_100", "Velocity_124"],
  );
});

Deno.test("RemiAugmenter.vary() changes neither the piece it is given nor attributes that are any", () => {
  const before = IDS.slice();
  const free = VOCABULARY.encode(tokenizer.encode(SONG, {}));
  const varied = VOCABULARY.decode(augmenter.vary(free, { semitones: 5 }));
  assert.deepEqual(IDS, before);
  assert.ok(
    varied.slice(0, ATTRIBUTE_NAMES.length).every((t) => t.endsWith("_any")),
  );
  assert.deepEqual(vary({}), TOKENS);
});

Deno.test("RemiAugmenter.transpositions() stays within the vocabulary's pitches", () => {
  // 43–79 of the piece within 40–86 of the vocabulary.
  assert.deepEqual(
    augmenter.transpositions(IDS, 12),
    [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7],
  );
  assert.deepEqual(augmenter.transpositions(IDS, 1), [-1, 0, 1]);
  assert.throws(() => augmenter.vary(IDS, { semitones: 8 }), {
    name: "RangeError",
    message: /nothing 8 semitones from Pitch_79/,
  });
  assert.throws(() => augmenter.vary(IDS, { tempoRatio: 2 }), RangeError);
});

Deno.test("RemiAugmenter.dropAttributes() replaces attributes, and only those", () => {
  const random = new Random(1);
  let dropped = 0, whole = 0;
  for (let i = 0; i < 300; i++) {
    const ids = augmenter.dropAttributes(IDS, random, 0.25);
    const changed = [...ids.keys()].filter((place) =>
      ids[place] !== IDS[place]
    );
    for (const place of changed) {
      assert.equal(
        VOCABULARY.token(ids[place]!),
        `${ATTRIBUTE_NAMES[place]}_any`,
      );
    }
    dropped += changed.length / ATTRIBUTE_NAMES.length / 300;
    if (changed.length === ATTRIBUTE_NAMES.length) whole++;
  }
  // 0.1 + 0.9 · 0.25 of all attributes, and all of them in a tenth of pieces.
  assert.ok(Math.abs(dropped - 0.325) < 0.04, `${dropped}`);
  assert.ok(whole > 15 && whole < 50, `${whole}`);
  assert.deepEqual(augmenter.dropAttributes(IDS, random, 0), IDS);
});

Deno.test("RemiAugmenter.random() is seeded, varied and always decodes", () => {
  const sample = (seed: number) => augmenter.random(IDS, new Random(seed));
  assert.deepEqual(sample(4), sample(4));
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const piece = tokenizer.decode(VOCABULARY.decode(sample(seed)));
    assert.equal(piece.notes.length, SONG.notes.length);
    seen.add(`${piece.notes[0]!.pitch}`);
  }
  assert.equal(seen.size, 10); // −3 to 6 semitones
});

Deno.test("RemiAugmenter.relabel() keeps the grammar, the rhythm of tokens, and where they come back", () => {
  const augmenter = new RemiAugmenter(VOCABULARY);
  const ids = VOCABULARY.encode(TOKENS);
  const typesOf = (ids: Int32Array) =>
    VOCABULARY.decode(ids).map((token) => token.split("_")[0]);
  const random = new Random(6);
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const relabelled = augmenter.relabel(ids, random);
    assert.deepEqual(typesOf(relabelled), typesOf(ids));
    const places = new Map<number, number>();
    ids.forEach((id, at) => {
      const renamed = relabelled[at]!;
      assert.equal(places.get(id) ?? renamed, renamed);
      places.set(id, renamed);
    });
    assert.equal(new Set(places.values()).size, places.size, "one to one");
    // Notes may sound on after the end; all else is as the grammar has it.
    const grammar = new RemiGrammar(VOCABULARY);
    for (const id of relabelled.subarray(0, -1)) {
      assert.ok(grammar.allows(id), VOCABULARY.token(id));
      grammar.push(id);
    }
    const kept = VOCABULARY.decode(relabelled).filter((token, at) =>
      token === TOKENS[at] && /^(Velocity|Drum|Kit|Program|Tempo)_/.test(token)
    );
    assert.equal(
      kept.length,
      TOKENS.filter((t) => /^(Velocity|Drum|Kit|Program|Tempo)_/.test(t))
        .length,
    );
    seen.add(relabelled.join());
  }
  assert.equal(seen.size, 20);
});

Deno.test("RemiAugmenter.random() relabels the share of pieces that is asked", () => {
  const augmenter = new RemiAugmenter(VOCABULARY);
  const ids = VOCABULARY.encode(TOKENS);
  const still = { semitones: 0, tempoSpread: 0, velocityBins: 0 };
  const shareOf = (relabel: number) => {
    const random = new Random(7);
    let changed = 0;
    for (let i = 0; i < 100; i++) {
      const varied = augmenter.random(ids, random, {
        ...still,
        dropAttributes: 0,
        relabel,
      });
      if (varied.join() !== ids.join()) changed++;
    }
    return changed / 100;
  };
  assert.equal(shareOf(0), 0);
  assert.ok(Math.abs(shareOf(0.5) - 0.5) < 0.15);
  assert.equal(shareOf(1), 1);
});
