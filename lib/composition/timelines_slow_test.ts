import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { parseMidi, writeMidi } from "../midi/midi.ts";
import {
  type InstrumentName,
  type NoteSequence,
  type PieceSpec,
  type SectionWish,
  ticksToSeconds,
} from "../music/music.ts";
import { loadBest } from "../model/model.ts";
import { Random, runFolder } from "../base/base.ts";
import { compose } from "./compose.ts";

const STARTER = await loadBest(runFolder("starter"));
const BRIEFS = 50;
const CASTS: readonly (readonly InstrumentName[])[] = [
  ["piano"],
  ["piano", "bass"],
  ["piano", "bass", "drums"],
  ["strings", "flute"],
  ["electric piano", "vibraphone", "bass", "drums"],
  ["violin", "cello", "piano"],
  ["guitar", "flute"],
  ["strings", "choir", "trumpet", "drums"],
];

/** A brief of two to four sections and some events, all stated in seconds. */
function brief(random: Random): PieceSpec {
  const count = 2 + random.int(3);
  const starts = [0];
  for (let i = 1; i < count; i++) {
    starts.push(starts.at(-1)! + 14 + random.int(22));
  }
  const seconds = starts.at(-1)! + 18 + random.int(20);
  const mode = random.pick(["major", "minor"] as const);
  const sections = starts.map((start): SectionWish => ({
    from: { seconds: start },
    spec: {
      qpm: 60 + random.int(90),
      playing: random.pick(CASTS),
      loudness: random.pick(["soft", "medium", "loud"] as const),
      density: random.pick(["sparse", "medium", "dense"] as const),
      ...random.next() < 0.4 && { key: { tonic: random.int(12), mode } },
      ...random.next() < 0.2 && { meter: "3/4" },
    },
  }));
  const at = 3 + random.int(10 * (seconds - 10)) / 10;
  return {
    length: { seconds },
    key: { tonic: random.int(12), mode },
    sections,
    events: [
      { at: { seconds: at }, what: "hit" },
      ...random.next() < 0.5
        ? [{ at: { seconds: at + 3 }, what: "silence" as const, seconds: 2 }]
        : [],
    ],
  };
}

/** The piece as its file has it. */
function asFile(sequence: NoteSequence): NoteSequence {
  return parseMidi(writeMidi(sequence));
}

Deno.test("compose() changes 50 timelines within a bar, and hits within 50 ms, as asked before and after", async () => {
  using generator = await Generator.open(STARTER);
  const random = new Random(15);
  const tally = new Map<string, [met: number, all: number]>();
  const misses: string[] = [];
  const check = (what: string, met: boolean, told: string) => {
    const [before, all] = tally.get(what) ?? [0, 0];
    tally.set(what, [before + (met ? 1 : 0), all + 1]);
    if (!met) misses.push(`${what}: ${told}`);
  };
  for (let i = 0; i < BRIEFS; i++) {
    const wishes = brief(random);
    const { sequence, sections, delivered } = await compose(generator, "", {
      wishes,
      randomSeed: i + 1,
    });
    const piece = asFile(sequence);
    for (const [j, { startSeconds }] of sections.entries()) {
      const { from, spec } = wishes.sections![j]!;
      const asked = "seconds" in from ? from.seconds : 0;
      const qpm = Math.min(
        spec.qpm!,
        wishes.sections![Math.max(0, j - 1)]!.spec.qpm!,
      );
      const off = Math.abs(startSeconds - asked);
      check(
        "border within a bar",
        off <= 240 / qpm,
        `${i} ${off.toFixed(2)} s`,
      );
    }
    const hit = wishes.events![0]!.at;
    const at = "seconds" in hit ? hit.seconds : 0;
    const [loudest] = piece.notes.toSorted((a, b) => b.velocity - a.velocity);
    const apart = Math.abs(ticksToSeconds(piece, loudest!.startTicks) - at);
    check("hit within 50 ms", apart <= 0.05, `${i} ${apart.toFixed(3)} s`);
    for (const { what, asked, delivered: found, met } of delivered) {
      if (asked === "") continue;
      check(what.split(",")[0]!, met, `${i} ${what} ${asked}: ${found}`);
    }
  }
  for (const [what, [met, all]] of tally) {
    const least = /border|hit|silence|tempo|meter|length|loudness/.test(what)
      ? 1
      : 0.9;
    assert.ok(
      met >= least * all,
      [`${what}: ${met} of ${all}`, ...misses].join("\n"),
    );
  }
});
