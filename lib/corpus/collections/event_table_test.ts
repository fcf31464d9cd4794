import assert from "node:assert/strict";
import { parseMidi } from "midi-file";
import { readEventTable } from "./event_table.ts";

const COLUMNS =
  "tick,type,track,channel,note,velocity,program,control,value,tempo,numerator,denominator,key";

/** The table with these rows, each a type and its values by column. */
function table(...rows: Record<string, string | number>[]): Uint8Array {
  const lines = rows.map((row) =>
    COLUMNS.split(",").map((name) => row[name] ?? "").join(",")
  );
  return new TextEncoder().encode([COLUMNS, ...lines].join("\n"));
}

const NOTE = { tick: 0, type: "note_on", note: 60, velocity: 64 };

Deno.test("readEventTable() writes each type of event that a row can say", () => {
  const { bytes, repairs } = readEventTable(table(
    NOTE,
    { tick: 96, type: "note_on", note: 60, velocity: 0 },
    { tick: 0, type: "program_change", program: 4 },
    { tick: 0, type: "control_change", control: 64, value: 127 },
    { tick: 0, type: "set_tempo", tempo: 500000 },
    { tick: 0, type: "time_signature", numerator: 3, denominator: 4 },
    { tick: 0, type: "key_signature", key: "F#m" },
  ));
  const [track = []] = parseMidi(bytes).tracks;
  const of = (type: string) =>
    track.find((event) => event.type === type) as unknown as
      & Record<string, number>
      & { type: string };
  assert.equal(of("programChange").programNumber, 4);
  assert.equal(of("controller").value, 127);
  assert.equal(of("setTempo").microsecondsPerBeat, 500000);
  assert.equal(of("timeSignature").numerator, 3);
  assert.deepEqual([of("keySignature").key, of("keySignature").scale], [3, 1]);
  assert.ok(of("noteOff"), "velocity 0 ends a note");
  assert.equal(repairs.length, 1);
});

Deno.test("readEventTable() leaves out rows that lack something, and counts them", () => {
  const bad = [
    { tick: "", type: "note_on", note: 60, velocity: 64 },
    { tick: 0, type: "note_on", note: 128, velocity: 64 },
    { tick: 0, type: "program_change" },
    { tick: 0, type: "control_change", control: 64 },
    { tick: 0, type: "control_change", value: 1 },
    { tick: 0, type: "set_tempo", tempo: 0 },
    { tick: 0, type: "time_signature", numerator: 4, denominator: 0 },
    { tick: 0, type: "time_signature", denominator: 4 },
    { tick: 0, type: "key_signature", key: "H" },
    { tick: 0, type: "key_signature" },
    { tick: 0, type: "key_signature", key: "Fbm" },
    { tick: 0 },
  ];
  const { repairs } = readEventTable(table(NOTE, ...bad));
  assert.deepEqual(repairs[1], {
    reason: "rows of the table say no event: left out",
    count: bad.length,
  });
});

Deno.test("readEventTable() refuses a table without a note", () => {
  const silent = table({ tick: 0, type: "note_off", note: 60 });
  assert.throws(() => readEventTable(silent), /has no notes/);
});
