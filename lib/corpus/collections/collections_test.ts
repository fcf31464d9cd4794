import assert from "node:assert/strict";
import { join } from "@std/path";
import { zipSync } from "fflate";
import { readMidi, writeMidi } from "../../midi/midi.ts";
import { loadCorpus } from "../folder.ts";
import { preprocess } from "../preprocess.ts";
import { midi, PitchTokenizer } from "../testing.ts";
import { drums, preprocessed, refused } from "./testing.ts";

Deno.test("lakh-clean: a song of several versions is used once", async () => {
  const files = {
    "clean_midi/ABBA/SOS.mid": midi(60, 64),
    "clean_midi/ABBA/SOS.1.mid": midi(62, 65),
    "clean_midi/ABBA/SOS.2.mid": midi(62, 67),
    "clean_midi/AC_DC/T.N.T..mid": midi(64, 69),
    "clean_midi/Blur/Song 2.mid": midi(65, 71),
    "clean_midi/Blur/13.4.mid": midi(67, 72),
    "clean_midi/Blur/broken.mid": "no music",
    // It comes with the Lakh collections, and is no frames in JSON.
    "md5_to_paths.json": '{"0a": ["ABBA/SOS.mid"]}',
  };
  const result = await preprocessed(files);
  assert.deepEqual(result.pitches, {
    "clean_midi/ABBA/SOS.mid": "60 64",
    "clean_midi/AC_DC/T.N.T..mid": "64 69",
    "clean_midi/Blur/13.4.mid": "67 72",
    "clean_midi/Blur/Song 2.mid": "65 71",
  });
  assert.deepEqual(
    result.manifest.duplicates,
    ["1", "2"].map((n) => ({
      file: `clean_midi/ABBA/SOS.${n}.mid`,
      duplicateOf: "clean_midi/ABBA/SOS.mid",
    })),
  );
  assert.deepEqual(refused(result), {
    "the file is no MIDI file": ["clean_midi/Blur/broken.mid"],
  });
  const all = await preprocessed(files, { keepDuplicates: true });
  assert.equal(all.manifest.kept, 6);
});

Deno.test("pop909: other versions of a song are left out", async () => {
  const result = await preprocessed({
    "POP909/001/001.mid": midi(60, 64),
    "POP909/001/versions/001-v1.mid": midi(60, 65),
    "POP909/001/versions/001-v2.mid": midi(60, 67),
    "POP909/001/beat_midi.txt": "0.5 1.0",
    "POP909/002/versions/002-v1.mid": midi(62),
  });
  assert.deepEqual(result.pitches, {
    "POP909/001/001.mid": "60 64",
    "POP909/002/versions/002-v1.mid": "62",
  });
  assert.equal(result.manifest.duplicates.length, 2);
});

Deno.test("lmd-matched: a song has its best match alone", async () => {
  const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(32));
  const song = "lmd_matched/A/B/C/TRABCDE12345678901";
  const other = "lmd_matched/A/B/D/TRABDDE12345678902";
  const result = await preprocessed({
    [`${song}/${a}.mid`]: midi(60),
    [`${song}/${b}.mid`]: midi(62),
    [`${song}/${c}.mid`]: midi(64),
    [`${other}/${b}.mid`]: midi(62),
    "match_scores.json": JSON.stringify({
      TRABCDE12345678901: { [a!]: 0.6, [b!]: 0.7 },
    }),
  });
  assert.deepEqual(result.pitches, { [`${song}/${b}.mid`]: "62" });
  assert.deepEqual(
    result.manifest.duplicates.map(({ file }) => file),
    [`${song}/${a}.mid`, `${song}/${c}.mid`, `${other}/${b}.mid`],
  );
});

Deno.test("lmd-matched: the list of matches may be beside the archive", async () => {
  const [a, b] = ["a", "b"].map((digit) => digit.repeat(32));
  const song = "lmd_matched/A/B/C/TRABCDE12345678901";
  const root = await Deno.makeTempDir();
  try {
    const midiFolder = join(root, "lmd_matched.zip");
    const list = { TRABCDE12345678901: { [a!]: 0.6, [b!]: 0.7 } };
    await Deno.writeTextFile(
      join(root, "match_scores.json"),
      JSON.stringify(list),
    );
    await Deno.writeFile(
      midiFolder,
      zipSync({
        [`${song}/${a}.mid`]: midi(60),
        [`${song}/${b}.mid`]: midi(62),
      }),
    );
    const outFolder = join(root, "out"), tokenizer = new PitchTokenizer();
    const { pieces } = await preprocess({ midiFolder, outFolder, tokenizer });
    assert.deepEqual(pieces.map(({ file }) => file), [`${song}/${b}.mid`]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

const GROOVE = [
  "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split",
  "drummer1,drummer1/session1,drummer1/session1/1,funk,100,beat,4-4,drummer1/session1/1_funk_100_beat_4-4.mid,,4.0,train",
  "drummer1,drummer1/session1,drummer1/session1/2,rock,100,beat,04월 04일,drummer1/session1/2_rock_100_beat_4-4.mid,,4.0,validation",
  'drummer2,drummer2/session1,drummer2/session1/1,"jazz, slow",100,fill,3-Apr,drummer2/session1/1_jazz_100_fill_3-4.mid,,4.0,test',
  "drummer2,drummer2/session1,drummer2/session1/9,jazz,100,fill,4-4,drummer2/session1/9_gone.mid,,4.0,test",
];

Deno.test("gmd: its own split holds, and a TD-11's pads are drums of General MIDI", async () => {
  const folder = "groove/drummer1/session1",
    second = "groove/drummer2/session1";
  const result = await preprocessed({
    "groove/README": "read me",
    "groove/info.csv": `\uFEFF${GROOVE.join("\r\n")}\r\n`,
    [`${folder}/1_funk_100_beat_4-4.mid`]: drums(36, 22, 38, 26),
    [`${folder}/2_rock_100_beat_4-4.mid`]: drums(58, 55, 52, 46),
    [`${second}/1_jazz_100_fill_3-4.mid`]: drums(51, 44),
    "groove/unlisted.mid": drums(22, 36, 36),
  });
  assert.deepEqual(result.pitches, {
    [`${folder}/1_funk_100_beat_4-4.mid`]: "36 42 38 46",
    [`${folder}/2_rock_100_beat_4-4.mid`]: "43 49 57 46",
    [`${second}/1_jazz_100_fill_3-4.mid`]: "51 44",
    "groove/unlisted.mid": "22 36 36",
  });
  assert.deepEqual(Object.values(result.splits), [
    ...["train", "valid", "test", "train"],
  ]);
  assert.deepEqual(
    result.manifest.pieces.map(({ ownSplit, kit }) => [ownSplit, kit]),
    [
      ...[[true, "TD-11"], [true, "TD-11"], [true, "TD-11"]],
      [undefined, undefined],
    ],
  );
  assert.deepEqual(refused(result), {
    "the table lists files that are not there": ["groove/info.csv"],
  });
  const { repairs } = result.manifest;
  const counts = Object.entries(repairs).map(([reason, files]) => [
    reason.split(" ").slice(0, 5).join(" "),
    files.map(({ count }) => count),
  ]);
  assert.deepEqual(Object.fromEntries(counts), {
    "drums of an electronic kit": [2, 3],
    "the table has a date": [1, 1],
    "the table says another meter:": [1],
  });
});

Deno.test("gmd: a file without a meter has its table's; a table that is none is named, and another kind passed by", async () => {
  const folder = "groove/drummer1/session1";
  const file = `${folder}/1_funk_100_beat_4-4.mid`;
  const unmetered = writeMidi({
    ...readMidi(drums(36, 22)).sequence,
    timeSignatures: [],
  });
  const of = (table: string) =>
    preprocessed({ "groove/info.csv": table, [file]: unmetered });
  const metered = await of(GROOVE.slice(0, 2).join("\n"));
  assert.deepEqual(metered.pitches, { [file]: "36 42" });
  assert.deepEqual(Object.keys(metered.manifest.repairs), [
    "drums of an electronic kit are put as General MIDI has them",
  ]);
  const damaged = await of(`${GROOVE[0]}\n"drummer1,`);
  assert.deepEqual(damaged.pitches, { [file]: "36 22" });
  assert.deepEqual(refused(damaged), {
    "the table cannot be read": ["groove/info.csv"],
  });
  const other = await of("name,mood\nfunk,glad");
  assert.deepEqual(other.pitches, { [file]: "36 22" });
});

Deno.test("e-gmd: a performance on many kits is used once", async () => {
  const rows = [GROOVE[0]!.replace("split", "split,kit_name")];
  const files: Record<string, Uint8Array> = {};
  for (const kit of [1, 5, 43]) {
    const path = `drummer1/session1/1_funk_100_beat_4-4_${kit}`;
    files[`e-gmd-v1.0.0/${path}.midi`] = drums(36, 38, kit);
    rows.push(
      `drummer1,drummer1/session1,drummer1/session1/1,funk,100,beat,4-4,${path}.mid,,4.0,test,Kit ${kit}`,
    );
  }
  const result = await preprocessed({
    ...files,
    // The table may be beside the folder.
    "e-gmd-v1.0.0.csv": rows.join("\n"),
    "e-gmd-v1.0.0/other.midi": drums(36),
  });
  const first = "e-gmd-v1.0.0/drummer1/session1/1_funk_100_beat_4-4_1.midi";
  assert.deepEqual(Object.keys(result.pitches), [
    first,
    "e-gmd-v1.0.0/other.midi",
  ]);
  assert.equal(result.splits[first], "test");
  assert.equal(result.manifest.duplicates.length, 2);
});

Deno.test("maestro: its own split holds, and nothing is taken for drums", async () => {
  const result = await preprocessed({
    "maestro-v3.0.0/maestro-v3.0.0.csv": [
      "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration",
      'Bach,"Fugue, in C",validation,2018,2018/one.midi,2018/one.wav,9.5',
      "Liszt,Etude,train,2018,2018/two.midi,2018/two.wav,9.5",
    ].join("\n"),
    "maestro-v3.0.0/2018/one.midi": midi(60, 22),
    "maestro-v3.0.0/2018/two.midi": midi(62),
  });
  assert.deepEqual(Object.values(result.splits), ["valid", "train"]);
  assert.deepEqual(Object.values(result.pitches), ["60 22", "62"]);
});

const JAZZ = [
  ",Name,Notes,Len_Sequence,Unique_notes,len_Uni_Notes",
  `0,AutumnLeaves.mid,"['G4', 'E-5', '4.7.11', 'F#3']",4,"['G4']",1`,
  `1,BlueBossa.mid,"['C4', ""0.3.7"", 'D4'",3,"['C4']",1`,
  `2,Silence.mid,[],0,[],0`,
  `3,BlueBossa.mid,"['C4', 'nothing']",2,"['C4']",1`,
].join("\n");

Deno.test("jazz-ml-ready: the table alone, the files alone, or both, each piece once", async () => {
  const table = await preprocessed({ "Jazz-midi.csv": JAZZ }, {
    tokenizer: "chord",
  });
  assert.deepEqual(table.manifest.pieces.map(({ file }) => file), [
    "Jazz-midi.csv#AutumnLeaves",
    "Jazz-midi.csv#BlueBossa",
    "Jazz-midi.csv#BlueBossa (2)",
  ]);
  assert.deepEqual(refused(table), {
    "no notes": ["Jazz-midi.csv#Silence"],
  });
  assert.deepEqual(Object.keys(table.manifest.repairs).sort(), [
    "a note list has no rhythm: every note is as long",
    "a note list is cut off",
    "words of a note list are no notes",
  ]);
  const both = await preprocessed({
    "archive/Jazz-midi.csv": JAZZ,
    "archive/Jazz Midi/AutumnLeaves.mid": midi(67, 75),
    "archive/Jazz Midi/Other.mid": midi(60),
  });
  assert.deepEqual(Object.keys(both.pitches).slice(0, 2), [
    "archive/Jazz Midi/AutumnLeaves.mid",
    "archive/Jazz Midi/Other.mid",
  ]);
  assert.equal(both.manifest.kept, 4);
  assert.deepEqual(both.manifest.duplicates, [{
    file: "archive/Jazz-midi.csv#AutumnLeaves",
    duplicateOf: "archive/Jazz Midi/AutumnLeaves.mid",
  }]);
});

Deno.test("jazz-ml-ready: chord tokens of a table are the words that it has", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(root, "Jazz-midi.csv"), JAZZ);
    const outFolder = join(root, "out");
    await preprocess({ midiFolder: root, outFolder, tokenizer: "chord" });
    const { pieces, vocabulary } = await loadCorpus(outFolder);
    assert.deepEqual(pieces.map(({ ids }) => vocabulary.decode(ids)), [
      ["G4", "E-5", "4.7.11", "F#3"],
      ["C4", "0.3.7", "D4"],
      ["C4"],
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

/** A table of events: velocity 0 ends a note, rows of a tick are in no order. */
const EVENTS = [
  "tick,type,numerator,denominator,time,track,key,tempo,note,velocity,channel,program",
  "0,note_on,,,0,1,,,60,80,0,",
  "0,time_signature,3,4,0,0,,,,,,",
  "0,set_tempo,,,0,0,,500000.0,,,,",
  "0,key_signature,,,0,0,F#m,,,,,",
  "0,program_change,,,0,1,,,,,0,48",
  "384,note_on,,,384,1,,,64.0,80.0,0.0,",
  "384,note_on,,,0,1,,,60,0,0,",
  "768,note_off,,,384,1,,,64,0,0,",
  "768,note_on,,,0,1,,,64,80,0,",
  "1152,note_on,,,384,1,,,64,0,0,",
  "1152,note_on,,,0,1,,,131,80,0,",
  "1152,something,,,0,1,,,,,,",
  "1152,end_of_track,,,0,1,,,,,,",
];

Deno.test("classical-csv: each table is a piece, and others are passed by", async () => {
  const short = [
    "type,tick,note,velocity",
    "note_on,0,60,9",
    "note_on,96,60,0",
  ];
  const result = await preprocessed({
    "midi/ALL/Bach - Air.csv": EVENTS.join("\n"),
    "midi/ALL/Bach - Short.csv": short.join("\r\n"),
    "midi/ALL/Bach - Empty.csv": EVENTS[0]!,
    "prices.csv": "item,price\npiano,1000\n",
    "notes.json": '{"pieces": 3}',
  });
  assert.deepEqual(result.pitches, {
    "midi/ALL/Bach - Air.csv": "60 64 64",
    "midi/ALL/Bach - Short.csv": "60",
  });
  assert.deepEqual(refused(result), {
    "no notes": ["midi/ALL/Bach - Empty.csv"],
  });
  assert.deepEqual(
    result.manifest.repairs["rows of the table say no event: left out"],
    [{ file: "midi/ALL/Bach - Air.csv", count: 2 }],
  );
  assert.equal(result.manifest.files, 3);
  const { description } = result.manifest.pieces[0]!;
  assert.deepEqual(description?.timeSignature, {
    numerator: 3,
    denominator: 4,
  });
});

Deno.test("jsb and nottingham: frames are pieces in the splits of their file", async () => {
  const frames = {
    train: [[[48, 60], [48, 62], [], [50]], [[60], [60], [60]]],
    valid: [[[64, -1, -1, -1], [65, 65, -1, -1]]],
    test: [[[67]]],
  };
  const path = "JSB-Chorales-dataset/jsb-chorales-quarter.json";
  const result = await preprocessed({
    [path]: JSON.stringify(frames),
    "Nottingham.json": '{"train": [[[60',
    "tsconfig.json": "{ // no JSON either",
  });
  assert.deepEqual(result.pitches, {
    [`${path}#test/1`]: "67",
    [`${path}#train/1`]: "48 60 62 50",
    [`${path}#train/2`]: "60",
    [`${path}#valid/1`]: "64 65",
  });
  assert.deepEqual(Object.values(result.splits), [
    ...["test", "train", "train", "valid"],
  ]);
  assert.deepEqual(refused(result), {
    "the JSON cannot be read": ["Nottingham.json"],
  });
});
