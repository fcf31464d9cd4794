/** One part of a score: its staves, bar by bar. */

import {
  familyOf,
  type KeySignature,
  type NoteSequence,
  type Part,
  type PlacedChord,
  programName,
} from "../music/music.ts";
import { escapeXml } from "../plot/plot.ts";
import { harmony } from "./score_chords.ts";
import { directions } from "./score_directions.ts";
import { DIVISIONS, type ScoreBar, scoreNotes } from "./score_grid.ts";
import { looks, notations, tiesOf } from "./score_look.ts";
import { drumPlace, spell } from "./score_pitch.ts";
import { valuesOf } from "./score_rhythm.ts";
import { stavesOf } from "./score_staves.ts";
import { MOST_VOICES, type ScoreChord, voicesOf } from "./score_voices.ts";
import { tag } from "./xml.ts";

const EMPTY_PART: Part = { name: "", program: 0, isDrum: false };
const DRUM_CHANNEL = 10;

/** Writes one part of a score. */
export class PartWriter {
  readonly #sequence: NoteSequence;
  readonly #bars: readonly ScoreBar[];
  readonly #source: Part;
  readonly #isFirst: boolean;
  readonly #chords: readonly PlacedChord[];
  readonly #id: string;
  readonly #channel: number;
  /** The voices of each staff. */
  readonly #staves: readonly (readonly ScoreChord[][])[];

  constructor(
    sequence: NoteSequence,
    bars: readonly ScoreBar[],
    { part, index, chords }: {
      readonly part: number;
      /** Its place in the score. */
      readonly index: number;
      /** Chord symbols above it. */
      readonly chords: readonly PlacedChord[];
    },
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
    this.#chords = chords;
    this.#staves = stavesOf(scoreNotes(sequence, part, bars), this.#source)
      .map(voicesOf);
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
      ...this.#harmonies(bar),
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
      before || !this.#hasTwo ? "" : tag("staves", 2),
      ...before ? [] : this.#clefs(),
    ].join("");
  }

  get #hasTwo(): boolean {
    return this.#staves.length > 1;
  }

  #clefs(): string[] {
    const treble = [tag("sign", "G"), tag("line", 2)];
    const bass = [tag("sign", "F"), tag("line", 4)];
    if (this.#source.isDrum) return [tag("clef", tag("sign", "percussion"))];
    if (this.#hasTwo) {
      return [
        tag('clef number="1"', ...treble),
        tag('clef number="2"', ...bass),
      ];
    }
    const pitches = this.#pitches();
    const mean = pitches.reduce((sum, pitch) => sum + pitch, 0) /
      pitches.length;
    const isLow = familyOf(this.#source) === "Bass" || mean < 57;
    return [tag("clef", ...isLow ? bass : treble)];
  }

  /** The chord symbols of a bar. */
  #harmonies(bar: ScoreBar): string[] {
    const scale = DIVISIONS / this.#sequence.ticksPerQuarter;
    const { fifths } = keyOf(this.#sequence, bar);
    return this.#chords.flatMap(({ ticks, chord }) => {
      const at = Math.round(ticks * scale);
      return at >= bar.start && at < bar.end
        ? [harmony(chord, fifths, at - bar.start)]
        : [];
    });
  }

  /** The notes and rests of a bar, staff after staff and voice after voice. */
  #entries(bar: ScoreBar): string[] {
    const length = bar.end - bar.start;
    const entries: string[] = [];
    for (const [staff, voices] of this.#staves.entries()) {
      for (const [i, voice] of voices.entries()) {
        const inBar = voice.filter(({ start, end }) =>
          start < bar.end && end > bar.start
        );
        if (inBar.length === 0 && i > 0) continue;
        if (i + staff > 0) {
          entries.push(tag("backup", tag("duration", length)));
        }
        entries.push(...this.#voiceEntries(inBar, bar, { staff, index: i }));
      }
    }
    return entries;
  }

  #voiceEntries(
    chords: readonly ScoreChord[],
    bar: ScoreBar,
    { staff: row, index }: { readonly staff: number; readonly index: number },
  ): string[] {
    const voice = tag("voice", MOST_VOICES * row + index + 1);
    const staff = this.#hasTwo ? tag("staff", row + 1) : "";
    // Only the first voice shows where it rests.
    const rest = index > 0 ? 'note print-object="no"' : "note";
    if (chords.length === 0) {
      const duration = tag("duration", bar.end - bar.start);
      return [tag(rest, tag('rest measure="yes"'), duration, voice, staff)];
    }
    const stretches = withRests(chords, bar);
    const values = valuesOf(stretches);
    return stretches.flatMap(({ chord }, i) =>
      values[i]!.flatMap((value) => {
        const duration = tag("duration", value.length);
        if (!chord) {
          const look = [...looks(value), staff, notations(value, [])];
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
            staff,
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
    return [...new Set(this.#pitches())].sort((a, b) => a - b);
  }

  #pitches(): number[] {
    return this.#staves.flat(2).flatMap(({ pitches }) => pitches);
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
