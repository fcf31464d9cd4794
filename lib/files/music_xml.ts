/** A finished piece → MusicXML, the score that notation programs read. */

import {
  DEFAULT_QPM,
  familyOf,
  type KeySignature,
  type NoteSequence,
  type Part,
  programName,
} from "../music/music.ts";
import { escapeXml } from "../plot/plot.ts";
import {
  DIVISIONS,
  type ScoreBar,
  scoreBars,
  scoreNotes,
} from "./score_grid.ts";
import { drumPlace, spell } from "./score_pitch.ts";
import { type Value, valuesOf } from "./score_rhythm.ts";
import { type ScoreChord, voicesOf } from "./score_voices.ts";

/**
 * Writes a piece as MusicXML 3.1. Notes are written where notation can say: each
 * quarter note in the plainest grid of sixteenths, triplets or 32nds that fits it.
 *
 * @param sequence The music; its markers become rehearsal marks.
 * @param title At the head of the score. @default none
 * @returns The text of the file.
 * @throws {LimitError} If the piece has more bars than any.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { writeMusicXml } from "immersic/files/music_xml.ts";
 * const text = writeMusicXml({
 *   ...emptySequence(480),
 *   parts: [{ name: "Flute", program: 73, isDrum: false }],
 *   notes: [{ pitch: 61, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
 *   totalTicks: 1920,
 * }, "Rain");
 * assert.match(text, /<work-title>Rain<\/work-title>/);
 * assert.match(text, /<step>C<\/step>\s*<alter>1<\/alter>/);
 * ```
 */
export function writeMusicXml(sequence: NoteSequence, title?: string): string {
  const bars = scoreBars(sequence);
  const playing = new Set(sequence.notes.map(({ part }) => part));
  const shown = [...sequence.parts.keys()].filter((part) => playing.has(part));
  // A score has at least one part.
  const parts = shown.length > 0 ? shown : [0];
  const writers = parts.map((part, i) =>
    new PartWriter(sequence, part, i, bars)
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">',
    '<score-partwise version="3.1">',
    title ? tag("work", tag("work-title", escapeXml(title))) : "",
    tag("identification", tag("encoding", tag("software", "Immersic"))),
    tag("part-list", ...writers.map((writer) => writer.info())),
    ...writers.map((writer) => writer.part()),
    "</score-partwise>",
  ].filter((line) => line !== "").join("\n") + "\n";
}

/** An element of XML; content that is undefined or empty is left out. */
function tag(
  name: string,
  ...content: readonly (string | number | undefined)[]
): string {
  // What follows the name of an element are its attributes.
  const [kind] = name.split(" ");
  const inside = content.filter((part) => part !== undefined && part !== "");
  return inside.length > 0
    ? `<${name}>${inside.join("")}</${kind}>`
    : `<${name}/>`;
}

const EMPTY_PART: Part = { name: "", program: 0, isDrum: false };
const DRUM_CHANNEL = 10;

/** Writes one part of a score. */
class PartWriter {
  readonly #sequence: NoteSequence;
  readonly #bars: readonly ScoreBar[];
  readonly #source: Part;
  readonly #isFirst: boolean;
  readonly #id: string;
  readonly #channel: number;
  readonly #voices: readonly ScoreChord[][];

  constructor(
    sequence: NoteSequence,
    part: number,
    index: number,
    bars: readonly ScoreBar[],
  ) {
    this.#sequence = sequence;
    this.#bars = bars;
    this.#source = sequence.parts[part] ?? EMPTY_PART;
    this.#isFirst = index === 0;
    this.#id = `P${index + 1}`;
    const channel = index % 15 + 1;
    this.#channel = this.#source.isDrum
      ? DRUM_CHANNEL
      : channel < DRUM_CHANNEL
      ? channel
      : channel + 1;
    this.#voices = voicesOf(scoreNotes(sequence, part, bars));
  }

  /** Its name and its instruments: one, or one for each drum. */
  info(): string {
    const { name, program, isDrum } = this.#source;
    const shown = name || (isDrum ? "Drums" : programName(program));
    const instruments = isDrum
      ? this.#drums().map((pitch) => ({
        id: this.#drumId(pitch),
        name: drumPlace(pitch).name,
        pitch,
      }))
      : [{ id: `${this.#id}-I1`, name: shown, pitch: undefined }];
    return tag(
      `score-part id="${this.#id}"`,
      tag("part-name", escapeXml(shown)),
      ...instruments.map(({ id, name }) =>
        tag(
          `score-instrument id="${id}"`,
          tag("instrument-name", escapeXml(name)),
        )
      ),
      ...instruments.map(({ id, pitch }) =>
        tag(
          `midi-instrument id="${id}"`,
          tag("midi-channel", this.#channel),
          tag("midi-program", program + 1),
          pitch !== undefined ? tag("midi-unpitched", pitch + 1) : "",
        )
      ),
    );
  }

  /** Its bars. */
  part(): string {
    const measures = this.#bars.map((bar, i) => this.#measure(bar, i));
    return tag(`part id="${this.#id}"`, "\n", ...measures);
  }

  #measure(bar: ScoreBar, index: number): string {
    const isLast = index === this.#bars.length - 1;
    const attributes = this.#attributes(bar, index);
    return tag(
      `measure number="${index + 1}"`,
      attributes === "" ? "" : tag("attributes", attributes),
      ...this.#isFirst ? directions(this.#sequence, bar) : [],
      ...this.#entries(bar),
      isLast
        ? tag('barline location="right"', tag("bar-style", "light-heavy"))
        : "",
    ) + "\n";
  }

  /** What holds from a bar on, if it is not what held before. */
  #attributes(bar: ScoreBar, index: number): string {
    const before = this.#bars[index - 1];
    const { numerator, denominator } = bar.meter;
    const isMeterNew = !before || before.meter.numerator !== numerator ||
      before.meter.denominator !== denominator;
    const { fifths, mode } = keyOf(this.#sequence, bar);
    const isKeyNew = !before ||
      fifths !== keyOf(this.#sequence, before).fifths;
    return [
      before ? "" : tag("divisions", DIVISIONS),
      isKeyNew && !this.#source.isDrum
        ? tag("key", tag("fifths", fifths), tag("mode", mode))
        : "",
      isMeterNew
        ? tag("time", tag("beats", numerator), tag("beat-type", denominator))
        : "",
      before ? "" : tag("clef", ...this.#clef()),
    ].join("");
  }

  #clef(): string[] {
    if (this.#source.isDrum) return [tag("sign", "percussion")];
    const pitches = this.#voices.flat().flatMap(({ pitches }) => pitches);
    const mean = pitches.reduce((sum, pitch) => sum + pitch, 0) /
      pitches.length;
    const isLow = familyOf(this.#source) === "Bass" || mean < 57;
    return isLow
      ? [tag("sign", "F"), tag("line", 4)]
      : [tag("sign", "G"), tag("line", 2)];
  }

  /** The notes and rests of a bar, voice after voice. */
  #entries(bar: ScoreBar): string[] {
    const length = bar.end - bar.start;
    const entries: string[] = [];
    for (const [i, voice] of this.#voices.entries()) {
      const inBar = voice.filter(({ start, end }) =>
        start < bar.end && end > bar.start
      );
      if (inBar.length === 0 && i > 0) continue;
      if (i > 0) entries.push(tag("backup", tag("duration", length)));
      entries.push(...this.#voiceEntries(inBar, bar, i));
    }
    return entries;
  }

  #voiceEntries(
    chords: readonly ScoreChord[],
    bar: ScoreBar,
    index: number,
  ): string[] {
    const voice = tag("voice", index + 1);
    // Only the first voice shows where it rests.
    const rest = index > 0 ? 'note print-object="no"' : "note";
    if (chords.length === 0) {
      const duration = tag("duration", bar.end - bar.start);
      return [tag(rest, tag('rest measure="yes"'), duration, voice)];
    }
    const stretches = withRests(chords, bar);
    const values = valuesOf(stretches);
    return stretches.flatMap(({ chord }, i) =>
      values[i]!.flatMap((value) => {
        const duration = tag("duration", value.length);
        if (!chord) {
          const look = [...looks(value), notations(value, [])];
          return [tag(rest, tag("rest"), duration, voice, ...look)];
        }
        const start = bar.start + value.start;
        const ties = tiesOf(chord, start, start + value.length);
        return chord.pitches.map((pitch, n) =>
          tag(
            "note",
            n > 0 ? tag("chord") : "",
            this.#head(pitch, bar),
            duration,
            ...ties.map((type) => tag(`tie type="${type}"`)),
            this.#source.isDrum
              ? tag(`instrument id="${this.#drumId(pitch)}"`)
              : "",
            voice,
            ...looks(value),
            this.#source.isDrum && drumPlace(pitch).isCross
              ? tag("notehead", "x")
              : "",
            notations(n === 0 ? value : undefined, ties),
          )
        );
      })
    );
  }

  /** How a pitch is written. */
  #head(pitch: number, bar: ScoreBar): string {
    if (this.#source.isDrum) {
      const { step, octave } = drumPlace(pitch);
      return tag(
        "unpitched",
        tag("display-step", step),
        tag("display-octave", octave),
      );
    }
    const { fifths } = keyOf(this.#sequence, bar);
    const { step, alter, octave } = spell(pitch, fifths);
    return tag(
      "pitch",
      tag("step", step),
      alter === 0 ? "" : tag("alter", alter),
      tag("octave", octave),
    );
  }

  #drumId(pitch: number): string {
    return `${this.#id}-I${pitch + 1}`;
  }

  #drums(): number[] {
    const pitches = this.#voices.flat().flatMap(({ pitches }) => pitches);
    return [...new Set(pitches)].sort((a, b) => a - b);
  }
}

/** The chords of a voice in a bar, cut at its lines, and the rests between them. */
function withRests(
  chords: readonly ScoreChord[],
  bar: ScoreBar,
): { start: number; end: number; chord?: ScoreChord }[] {
  const stretches: { start: number; end: number; chord?: ScoreChord }[] = [];
  let now = 0;
  const length = bar.end - bar.start;
  for (const chord of chords) {
    const start = Math.max(0, chord.start - bar.start);
    const end = Math.min(length, chord.end - bar.start);
    if (start > now) stretches.push({ start: now, end: start });
    stretches.push({ start, end, chord });
    now = end;
  }
  if (now < length) stretches.push({ start: now, end: length });
  return stretches;
}

/** The look of a note or rest. */
function looks({ name, dots, isTriplet }: Value): string[] {
  return [
    tag("type", name),
    dots > 0 ? tag("dot") : "",
    isTriplet
      ? tag(
        "time-modification",
        tag("actual-notes", 3),
        tag("normal-notes", 2),
      )
      : "",
  ];
}

/** The ties of a note, and the groups of triplets that begin and end with it. */
function notations(
  value: Value | undefined,
  ties: readonly ("start" | "stop")[],
): string {
  const marks = [
    ...ties.map((type) => tag(`tied type="${type}"`)),
    value?.beginsGroup ? tag('tuplet type="start"') : "",
    value?.endsGroup ? tag('tuplet type="stop"') : "",
  ].join("");
  return marks === "" ? "" : tag("notations", marks);
}

/** How a note value is tied to those of its chord before and after it. */
function tiesOf(
  chord: ScoreChord,
  start: number,
  end: number,
): ("start" | "stop")[] {
  return [
    ...start > chord.start ? ["stop" as const] : [],
    ...end < chord.end ? ["start" as const] : [],
  ];
}

/** The key that holds in a bar: the last one stated by its beginning. */
function keyOf(
  { keySignatures, ticksPerQuarter }: NoteSequence,
  { start }: ScoreBar,
): Pick<KeySignature, "fifths" | "mode"> {
  const key = keySignatures.findLast(({ ticks }) =>
    ticks * DIVISIONS <= start * ticksPerQuarter
  );
  return { fifths: key?.fifths ?? 0, mode: key?.mode ?? "major" };
}

/** The tempi and rehearsal marks of a bar. */
function directions(
  sequence: NoteSequence,
  { start, end }: ScoreBar,
): string[] {
  const { tempos, markers = [], ticksPerQuarter } = sequence;
  const stated = tempos[0]?.ticks === 0
    ? tempos
    : [{ ticks: 0, qpm: DEFAULT_QPM }, ...tempos];
  const direction = (ticks: number, type: string, sound: string) => {
    const offset = Math.round(ticks * DIVISIONS / ticksPerQuarter) - start;
    if (offset < 0 || offset >= end - start) return "";
    return tag(
      'direction placement="above"',
      tag("direction-type", type),
      offset > 0 ? tag("offset", offset) : "",
      sound,
    );
  };
  return [
    ...markers.map(({ ticks, text }) =>
      direction(ticks, tag("rehearsal", escapeXml(text)), "")
    ),
    ...stated.map(({ ticks, qpm }) => {
      const shown = Math.round(qpm * 10) / 10;
      const sounding = Math.round(qpm * 1000) / 1000;
      return direction(
        ticks,
        tag("metronome", tag("beat-unit", "quarter"), tag("per-minute", shown)),
        tag(`sound tempo="${sounding}"`),
      );
    }),
  ];
}
