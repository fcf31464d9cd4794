import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { strToU8, zipSync } from "fflate";
import { parseMidi } from "../../midi/midi.ts";
import { readScore } from "./score.ts";

/** A note: step and octave, duration, and more. */
const note = (pitch: string, duration: number, more = "", before = "") =>
  `<note>${before}<pitch><step>${pitch[0]}</step>${
    pitch[1] === "#" ? "<alter>1</alter>" : ""
  }<octave>${
    pitch.at(-1)
  }</octave></pitch><duration>${duration}</duration>${more}<voice>1</voice></note>`;

/** A score of one part, from its measures. */
const score = (...measures: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="3.1"><part-list><score-part id="P1"><part-name>Flute</part-name>
<midi-instrument id="P1-I1"><midi-channel>1</midi-channel><midi-program>74</midi-program></midi-instrument>
</score-part></part-list><part id="P1">${
    measures.map((measure, i) =>
      `<measure number="${i + 1}">${
        i === 0
          ? `<attributes><divisions>6</divisions><time><beats>3</beats><beat-type>4</beat-type></time></attributes><sound tempo="90"/>`
          : ""
      }${measure}</measure>`
    ).join("")
  }</part></score-partwise>`;

/** Notes as [pitch, start, length], in sixths of a quarter note. */
function notesOf(bytes: Uint8Array): number[][] {
  const { notes, ticksPerQuarter } = parseMidi(bytes);
  const sixths = (ticks: number) => Math.round(6 * ticks / ticksPerQuarter);
  return notes.map(({ pitch, startTicks, endTicks }) => [
    ...[pitch, sixths(startTicks), sixths(endTicks - startTicks)],
  ]);
}

const SCORE = score(
  // A chord, a dotted half.
  note("C5", 18) + note("E5", 18, "", "<chord/>"),
  // A triplet, a rest, and a second voice.
  [1, 2, 3].map(() =>
    note(
      "D5",
      2,
      "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>",
    )
  ).join("") +
    "<note><rest/><duration>6</duration></note>" + note("F#5", 6) +
    "<backup><duration>18</duration></backup>" + note("C4", 18),
  // A tie over the bar line, and a repeat of the last two bars.
  '<barline location="left"><repeat direction="forward"/></barline>' +
    note("G4", 18, '<tie type="start"/>'),
  note("G4", 6, '<tie type="stop"/>') + note("A4", 12) +
    '<barline location="right"><repeat direction="backward"/></barline>',
);

const NOTES = [
  [72, 0, 18],
  [76, 0, 18],
  [60, 18, 18],
  [74, 18, 2],
  [74, 20, 2],
  [74, 22, 2],
  [78, 30, 6],
  [67, 36, 24],
  [69, 60, 12],
  [67, 72, 24],
  [69, 96, 12],
];

Deno.test("readScore() plays chords, triplets, voices, ties and repeats", () => {
  const midi = readScore("a.musicxml", strToU8(SCORE))!;
  assert.deepEqual(notesOf(midi), NOTES);
  const { parts, tempos, timeSignatures } = parseMidi(midi);
  assert.equal(parts[0]?.program, 73);
  assert.equal(Math.round(tempos[0]!.qpm), 90);
  assert.deepEqual(
    timeSignatures.map((
      { numerator, denominator },
    ) => [numerator, denominator]),
    [[3, 4]],
  );
});

Deno.test("readScore() reads packed scores, and plain ones in UTF-16", () => {
  const container =
    '<?xml version="1.0"?><container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>';
  const packed = zipSync({
    "META-INF/container.xml": strToU8(container),
    "score.xml": strToU8(SCORE),
  });
  assert.deepEqual(notesOf(readScore("a.mxl", packed)!), NOTES);
  const text = `\uFEFF${SCORE.replace("UTF-8", "UTF-16")}`;
  const wide = new Uint8Array(
    Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer,
  );
  assert.deepEqual(notesOf(readScore("a.xml", wide)!), NOTES);
  const bigEndian = Buffer.from(wide.slice()).swap16();
  assert.deepEqual(notesOf(readScore("a.xml", bigEndian)!), NOTES);
});

Deno.test("readScore() passes by other XML, and says what it cannot read", () => {
  assert.equal(readScore("a.xml", strToU8("<html/>")), undefined);
  const reason = "the score cannot be read";
  assert.throws(() => readScore("a.musicxml", strToU8("no score")), { reason });
  assert.throws(
    () => readScore("a.mxl", Uint8Array.of(0x50, 0x4b, 3, 4)),
    { reason },
  );
});
