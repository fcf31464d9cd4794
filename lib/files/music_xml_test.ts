import assert from "node:assert/strict";
import { emptySequence, type Note, type NoteSequence } from "../music/music.ts";
import { writeMusicXml } from "./music_xml.ts";

const PIECE: NoteSequence = {
  ...emptySequence(480),
  parts: [
    { name: "Violin <1>", program: 40, isDrum: false },
    { name: "Drums", program: 0, isDrum: true },
    { name: "Silent", program: 0, isDrum: false },
  ],
  notes: [
    [63, 0, 1, 0],
    [67, 0, 1, 0],
    [70, 1, 5, 0], // into the second bar
    [72, 2, 2.5, 0], // while it sounds
    [36, 0, 0.25, 1],
    [42, 0, 0.25, 1],
  ].map(([pitch = 0, start = 0, end = 0, part = 0]): Note => ({
    pitch,
    velocity: 80,
    startTicks: 480 * start,
    endTicks: 480 * end,
    part,
  })),
  tempos: [{ ticks: 0, qpm: 72 }, { ticks: 2160, qpm: 80.04 }],
  keySignatures: [{ ticks: 0, fifths: -3, mode: "minor" }],
  markers: [{ ticks: 1920, text: "Drop & end" }],
  totalTicks: 3840,
};

/** The elements of a bar of a part, as text. */
function bar(text: string, part: string, number: number): string {
  const [, inside = ""] =
    new RegExp(`<part id="${part}">(.*?)</part>`, "s").exec(text) ?? [];
  const [, bar = ""] =
    new RegExp(`<measure number="${number}">(.*?)</measure>`).exec(inside) ??
      [];
  return bar;
}

Deno.test("writeMusicXml() writes parts, key, meter, tempi and markers", () => {
  const text = writeMusicXml(PIECE, { title: "Rain & sun" });
  assert.match(text, /<work-title>Rain &#38; sun<\/work-title>/);
  assert.match(text, /<part-name>Violin &#60;1&#62;<\/part-name>/);
  assert.match(text, /<midi-program>41<\/midi-program>/);
  assert.equal(text.match(/<score-part /g)?.length, 2);
  const first = bar(text, "P1", 1), second = bar(text, "P1", 2);
  assert.match(first, /<fifths>-3<\/fifths><mode>minor<\/mode>/);
  assert.match(first, /<beats>4<\/beats><beat-type>4<\/beat-type>/);
  assert.match(first, /<per-minute>72<\/per-minute>/);
  assert.match(second, /<rehearsal>Drop &#38; end<\/rehearsal>/);
  assert.match(second, /<offset>24<\/offset><sound tempo="80.04"\/>/);
  assert.match(second, /<bar-style>light-heavy<\/bar-style>/);
  assert.doesNotMatch(second, /<key>|<time>|<clef>/);
});

Deno.test("writeMusicXml() writes chords, ties and a second voice", () => {
  const text = writeMusicXml(PIECE);
  const first = bar(text, "P1", 1), second = bar(text, "P1", 2);
  const pitches = [...first.matchAll(/<step>(\w)<\/step>(<alter>(-?\d))?/g)]
    .map(([, step, , alter]) => `${step}${alter ?? ""}`);
  assert.deepEqual(pitches, ["E-1", "G", "B-1", "C"]);
  assert.equal(first.match(/<chord\/>/g)?.length, 1);
  assert.match(first, /<tie type="start"\/>/);
  assert.match(second, /<tie type="stop"\/>/);
  assert.match(first, /<backup><duration>192<\/duration><\/backup>/);
  assert.match(first, /<note print-object="no"><rest\/>/);
});

Deno.test("writeMusicXml() gives each drum its place, head and instrument", () => {
  const text = writeMusicXml(PIECE);
  const drums = bar(text, "P2", 1);
  assert.match(drums, /<sign>percussion<\/sign>/);
  assert.match(drums, /<display-step>F<\/display-step>/);
  assert.match(drums, /<instrument id="P2-I43"\/>.*<notehead>x<\/notehead>/);
  assert.match(
    text,
    /<midi-instrument id="P2-I37">.*<midi-unpitched>37<\/midi-unpitched>/,
  );
});

Deno.test("writeMusicXml() writes notes played late and uneven where they belong", () => {
  const triplet = 160;
  const played = {
    ...PIECE,
    notes: [0, 1, 2].map((i) => ({
      ...PIECE.notes[0]!,
      startTicks: i * triplet + 7,
      endTicks: (i + 1) * triplet - 20,
    })),
  };
  const first = bar(writeMusicXml(played), "P1", 1);
  assert.equal(first.match(/<duration>16<\/duration>/g)?.length, 3);
  assert.equal(first.match(/<actual-notes>3<\/actual-notes>/g)?.length, 3);
  assert.match(first, /<tuplet type="start"\/>.*<tuplet type="stop"\/>/);
});

Deno.test("writeMusicXml() writes a piece without notes as a bar of rest", () => {
  const text = writeMusicXml(emptySequence(480));
  assert.match(bar(text, "P1", 1), /<rest measure="yes"\/>/);
});

/** Both hands of a piano: a chord of each, a wide one, and a melody. */
const PIANO: NoteSequence = {
  ...emptySequence(480),
  parts: [{ name: "Piano", program: 0, isDrum: false }],
  notes: [
    [36, 0, 4],
    [48, 0, 4],
    [64, 0, 4],
    [67, 0, 4],
    [72, 4, 5],
    [55, 5, 6],
  ].map(([pitch = 0, start = 0, end = 0]): Note => ({
    pitch,
    velocity: 80,
    startTicks: 480 * start,
    endTicks: 480 * end,
    part: 0,
  })),
  totalTicks: 3840,
};

/** The pitches of a bar's notes, by staff. */
function byStaff(bar: string): Record<string, string[]> {
  const staves: Record<string, string[]> = {};
  for (const [, note = ""] of bar.matchAll(/<note[^>]*>(.*?)<\/note>/g)) {
    const [, step, octave] =
      /<step>(\w)<\/step>.*?<octave>(\d)<\/octave>/.exec(note) ?? [];
    const [, staff = ""] = /<staff>(\d)<\/staff>/.exec(note) ?? [];
    if (step) (staves[staff] ??= []).push(`${step}${octave}`);
  }
  return staves;
}

Deno.test("writeMusicXml() gives a piano two staves, a hand each", () => {
  const text = writeMusicXml(PIANO);
  const first = bar(text, "P1", 1), second = bar(text, "P1", 2);
  assert.match(
    first,
    /<staves>2<\/staves><clef number="1"><sign>G<.*<clef number="2"><sign>F</,
  );
  assert.deepEqual(byStaff(first), { 1: ["E4", "G4"], 2: ["C2", "C3"] });
  assert.deepEqual(byStaff(second), { 1: ["C5"], 2: ["G3"] });
  assert.match(second, /<voice>5<\/voice>/);
  const [right] = PIANO.notes.slice(4);
  const alone = writeMusicXml({ ...PIANO, notes: [right!] });
  assert.doesNotMatch(alone, /<staves>|<staff>/);
});

Deno.test("writeMusicXml() writes chord symbols where chords begin", () => {
  const chord = (
    symbol: string,
    root: number,
    intervals: number[],
    bass = {},
  ) => ({ symbol, root, intervals, ...bass });
  const chords = [
    { ticks: 0, chord: chord("Bbmaj7/D", 10, [0, 4, 7, 11], { bass: 2 }) },
    { ticks: 960, chord: chord("F#m7b5", 6, [0, 3, 6, 10]) },
    { ticks: 1920, chord: chord("C7sus4", 0, [0, 5, 7, 10]) },
  ];
  const text = writeMusicXml(PIANO, { chords });
  const [first, second] = [bar(text, "P1", 1), bar(text, "P1", 2)];
  assert.match(
    first,
    /<harmony><root><root-step>B<\/root-step><root-alter>-1<\/root-alter><\/root><kind text="maj7">major-seventh<\/kind><bass><bass-step>D<\/bass-step><\/bass><\/harmony>/,
  );
  assert.match(
    first,
    /<root-step>F<.*<kind text="m7b5">half-diminished<\/kind><offset>96<\/offset>/,
  );
  assert.match(
    second,
    /<kind text="7sus4">suspended-fourth<\/kind><degree><degree-value>7<\/degree-value><degree-alter>0<.*add</,
  );
});
