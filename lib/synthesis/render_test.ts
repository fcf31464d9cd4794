import assert from "node:assert/strict";
import {
  emptySequence,
  type Note,
  type NoteSequence,
  type Part,
} from "../music/music.ts";
import { renderSound, renderStems, renderWav } from "./render.ts";
import { buildSoundBank } from "./sound_bank.ts";
import { type Audio, wholeOf } from "./sound.ts";
import { integratedLoudness, levelDb, peakOf, readWav } from "./testing.ts";

const BASS = 32, VIBRAPHONE = 11, PAD = 89;

/** Pitch, start and end in quarter notes of half a second, part, velocity. */
type Row = readonly [number, number, number, number?, number?];

function sequence(
  programs: readonly (number | "drums")[],
  rows: readonly Row[],
  quarters: number,
): NoteSequence {
  return {
    ...emptySequence(480),
    parts: programs.map((program): Part => ({
      name: "",
      program: program === "drums" ? 0 : program,
      isDrum: program === "drums",
    })),
    notes: rows.map(([pitch, start, end, part = 0, velocity = 80]): Note => ({
      pitch,
      velocity,
      startTicks: 480 * start,
      endTicks: 480 * end,
      part,
    })),
    totalTicks: 480 * quarters,
  };
}

const BAND = sequence([PAD, BASS, VIBRAPHONE, "drums"], [
  [60, 0, 4, 0],
  [64, 0, 4, 0],
  [36, 0, 2, 1],
  [43, 2, 4, 1],
  [72, 1, 2, 2],
  [76, 3, 4, 2],
  ...[0, 1, 2, 3].map((at): Row => [at % 2 ? 38 : 36, at, at + 0.1, 3, 127]),
  ...[0, 1, 2, 3].map((at): Row => [42, at + 0.5, at + 0.6, 3]),
], 4);

/** As `assert.deepEqual`, which would print megabytes. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("renderWav() writes 16-bit stereo at 44.1 kHz", async () => {
  const wav = await renderWav(emptySequence(480));
  const text = (at: number) =>
    new TextDecoder().decode(wav.subarray(at, at + 4));
  assert.deepEqual([0, 8, 12, 36].map(text), ["RIFF", "WAVE", "fmt ", "data"]);
  const view = new DataView(wav.buffer);
  assert.equal(view.getUint32(4, true), wav.length - 8);
  assert.equal(view.getUint16(20, true), 1);
  assert.equal(view.getUint16(22, true), 2);
  assert.equal(view.getUint32(24, true), 44100);
  assert.equal(view.getUint32(28, true), 4 * 44100);
  assert.equal(view.getUint16(34, true), 16);
  assert.equal(view.getUint32(40, true), wav.length - 44);
});

Deno.test("renderWav() lasts as long as the score and its tail, to the frame", async () => {
  const slowing = {
    ...sequence([BASS], [[40, 0, 1]], 3),
    tempos: [{ ticks: 0, qpm: 120 }, { ticks: 480, qpm: 70 }],
  };
  const { left } = readWav(await renderWav(slowing, { tailSeconds: 0.25 }));
  const seconds = 60 / 120 + 2 * 60 / 70 + 0.25;
  assert.equal(left.length, Math.round(44100 * seconds));
  assert.equal(
    readWav(await renderWav(emptySequence(480))).left.length,
    2 * 44100,
  );
});

Deno.test("renderWav() reaches −15 LUFS and clips nothing, whether the music is loud or soft", async () => {
  const soft = sequence([PAD], [[48, 0, 4, 0, 12], [67, 0, 4, 0, 20]], 4);
  const sparse = sequence(["drums"], [[36, 0, 1, 0, 127], [36, 7, 8]], 8);
  for (const music of [BAND, soft, sparse]) {
    const audio = readWav(await renderWav(music));
    const lufs = integratedLoudness(audio);
    assert(lufs > -15.5 && lufs < -14.5, `${lufs} LUFS`);
    // −1 dB and half a step of 16 bits.
    assert(peakOf(audio) <= 0.8913, `peak ${peakOf(audio)}`);
  }
});

Deno.test("renderWav() reaches the loudness asked for", async () => {
  const audio = readWav(await renderWav(BAND, { loudnessLufs: -24 }));
  assert(Math.abs(integratedLoudness(audio) + 24) < 0.3);
});

Deno.test("renderWav() is silent where the score rests, and nowhere else", async () => {
  const music = sequence([BASS], [[40, 0, 1], [43, 1, 2], [40, 10, 12]], 12);
  const audio = readWav(await renderWav(music));
  for (let seconds = 0; seconds < 8; seconds += 0.1) {
    const level = levelDb(audio, seconds, seconds + 0.1);
    const sounds = seconds < 1 || seconds > 4.95 && seconds < 5.85;
    const rests = seconds > 3 && seconds < 4.85;
    if (sounds) assert(level > -40, `${level} dB at ${seconds} s`);
    if (rests) assert(level < -60, `${level} dB at ${seconds} s`);
  }
});

Deno.test("renderWav() lets the last note ring out and ends in silence", async () => {
  const audio = readWav(await renderWav(BAND));
  assert(levelDb(audio, 2, 2.2) > -40);
  assert(levelDb(audio, 3.95, 4) < -70);
  assert.equal(audio.left.at(-1), 0);
});

Deno.test("renderWav() gives the same bytes each time", async () => {
  assert(isSame(await renderWav(BAND), await renderWav(BAND)));
});

Deno.test("renderWav() reports each second of sound, and lets the event loop run", async () => {
  const told: string[] = [];
  const others = setInterval(() => told.push("others"), 0);
  await renderWav(sequence([BASS], [[40, 0, 1]], 4), {
    // Long enough for a turn, which others have every tenth of a second.
    tailSeconds: 40,
    onProgress: (seconds, of) => told.push(`${seconds} of ${of}`),
  });
  clearInterval(others);
  assert.deepEqual(
    told.filter((what) => what !== "others"),
    Array.from({ length: 42 }, (_, i) => `${i + 1} of 42`),
  );
  assert(told.slice(1, -1).includes("others"));
});

Deno.test("renderWav() ends a note of no length", async () => {
  const music = sequence([PAD], [[60, 0, 0], [60, 0, 0.5]], 12);
  assert(levelDb(readWav(await renderWav(music)), 5, 6) < -70);
});

Deno.test("renderWav() lifts a pedal left down at the end of the score", async () => {
  const held = {
    ...sequence([PAD], [[60, 0, 1]], 2),
    controls: [{ ticks: 0, part: 0, controller: 64, value: 127 }],
  };
  const audio = readWav(await renderWav(held, { tailSeconds: 10 }));
  assert(levelDb(audio, 0.7, 1) > -20);
  assert(levelDb(audio, 5, 6) < -70);
});

Deno.test("renderWav() applies the volume of each part", async () => {
  const quiet = {
    ...sequence([BASS, VIBRAPHONE], [[40, 0, 2], [76, 2, 4, 1]], 4),
    controls: [{ ticks: 0, part: 1, controller: 7, value: 0 }],
  };
  const audio = readWav(await renderWav(quiet, { reverb: 0, chorus: 0 }));
  assert(levelDb(audio, 0, 1) > -20);
  assert(levelDb(audio, 1.6, 2) < -60);
});

Deno.test("renderWav() has a channel for each of many parts", async () => {
  const parts = [...Array<number>(17).fill(PAD), BASS];
  const many = sequence(parts, [[40, 0, 2, 17]], 2);
  const one = sequence([BASS], [[40, 0, 2]], 2);
  assert(isSame(await renderWav(many), await renderWav(one)));
});

Deno.test("renderWav() adds vinyl noise where it is asked for", async () => {
  const music = sequence([BASS], [[40, 0, 2]], 16);
  const audio = readWav(await renderWav(music, { vinyl: true }));
  const level = levelDb(audio, 6, 7);
  assert(level > -58 && level < -42, `${level} dB`);
});

Deno.test("renderWav() plays a user's own sound bank", async () => {
  const music = sequence([PAD, "drums"], [[40, 0, 2], [60, 1, 2, 1]], 2);
  const soundBank = new Uint8Array(buildSoundBank([BASS], false).writeSF2());
  const own = readWav(await renderWav(music, { soundBank }));
  assert(levelDb(own, 0, 1) > -25);
  // A bass starts at once, the pad of the built-in bank slowly.
  const pad = readWav(await renderWav(music));
  assert(levelDb(own, 0, 0.1) > levelDb(pad, 0, 0.1) + 10);
});

/** Music with these parts in place of its own. */
const withParts = (music: NoteSequence, ...parts: Partial<Part>[]) => ({
  ...music,
  parts: parts.map((part) => ({ ...music.parts[0]!, ...part })),
});

Deno.test("renderWav() plays the bank of a part: of the user's sound bank, or else bank 0", async () => {
  const music = sequence([PAD], [[40, 0, 2]], 2);
  const bank = buildSoundBank([PAD, BASS], false);
  const bass = bank.presets.find(({ program }) => program === BASS);
  assert(bass);
  [bass.program, bass.bankMSB] = [PAD, 8];
  const soundBank = new Uint8Array(bank.writeSF2());
  const play = (bank: number) =>
    renderWav(withParts(music, { bank }), { soundBank });
  const [pad, other, none] = await Promise.all([0, 8 * 128, 9].map(play));
  assert(pad && other && none);
  // A bass starts at once, a pad slowly.
  assert(levelDb(readWav(other), 0, 0.1) > levelDb(readWav(pad), 0, 0.1) + 10);
  assert(isSame(none, pad));
  const builtIn = await renderWav(withParts(music, { bank: 8 * 128 }));
  assert(isSame(builtIn, await renderWav(music)));
});

Deno.test("renderWav() changes the program of a channel for the part that plays", async () => {
  const music = sequence([BASS, PAD], [[40, 0, 2], [60, 2, 4, 1]], 4);
  const [bass, pad] = music.parts;
  const shared = withParts(music, { ...bass, channel: 0 }, {
    ...pad,
    channel: 0,
  });
  assert(isSame(await renderWav(shared), await renderWav(music)));
});

Deno.test("renderWav() applies a controller to all parts of its channel", async () => {
  const music = sequence([BASS, "drums", BASS], [
    [40, 0, 1],
    [36, 1, 1.1, 1, 127],
    [40, 2, 3, 2],
  ], 4);
  const [bass, drums] = music.parts;
  const audio = readWav(
    await renderWav({
      ...withParts(
        music,
        { ...bass, channel: 0 },
        { ...drums, channel: 0 },
        { ...bass, channel: 1 },
      ),
      controls: [{ ticks: 0, part: 1, controller: 7, value: 0 }],
    }, { reverb: 0, chorus: 0 }),
  );
  assert(levelDb(audio, 0, 0.9) < -60);
  assert(levelDb(audio, 1, 1.4) > -20);
});

Deno.test("renderWav() refuses bytes that are not a sound bank", async () => {
  await assert.rejects(
    renderWav(BAND, { soundBank: new Uint8Array(100) }),
    {
      name: "TypeError",
      message: /^Cannot read the sound bank of 100 bytes: /,
    },
  );
});

Deno.test("renderWav() refuses values out of range", async () => {
  const cases: [NoteSequence, Parameters<typeof renderWav>[1], RegExp][] = [
    [BAND, { tailSeconds: -1 }, /tailSeconds must be from 0 to 60/],
    [BAND, { loudnessLufs: 0 }, /loudnessLufs must be from -40 to -9/],
    [BAND, { reverb: NaN }, /reverb must be from 0 to 4/],
    [BAND, { chorus: 5 }, /chorus must be from 0 to 4, current value is 5/],
    [sequence([128], [], 1), {}, /program must be from 0 to 127/],
    [withParts(BAND, { bank: 16384 }), {}, /bank must be from 0 to 16383/],
    [sequence([0], [[128, 0, 1]], 1), {}, /pitch must be from 0 to 127/],
    [sequence([0], [[60, 0, 1, 0, 0]], 1), {}, /velocity must be from 1/],
    [sequence([0], [[60, 0, 1, 1]], 1), {}, /part must be from 0 to 0/],
  ];
  for (const [music, options, message] of cases) {
    await assert.rejects(renderWav(music, options), {
      name: "RangeError",
      message,
    });
  }
});

Deno.test("renderWav() of a loop is as long as the score, to the frame, and as loud", async () => {
  const audio = readWav(await renderWav(BAND, { isLoop: true }));
  assert.equal(audio.left.length, 2 * 44100);
  const lufs = integratedLoudness(audio);
  assert(lufs > -15.5 && lufs < -14.5, `${lufs} LUFS`);
  assert(peakOf(audio) <= 0.8913);
});

Deno.test("renderWav() of a loop lets the end ring over the beginning", async () => {
  const music = sequence([PAD], [[60, 2, 4]], 4);
  const loop = readWav(await renderWav(music, { isLoop: true }));
  const piece = readWav(await renderWav(music));
  assert(levelDb(loop, 0, 0.2) > -30);
  assert(levelDb(piece, 0, 0.2) < -90);
});

Deno.test("renderWav() of a loop has no click at the seam", async () => {
  const music = sequence([PAD, BASS], [
    [60, 0, 4],
    [67, 0, 4],
    [36, 0.5, 4, 1],
  ], 4);
  const { left } = readWav(await renderWav(music, { isLoop: true }));
  const at = (i: number) => left[(i + left.length) % left.length];
  // The second difference is large at a corner, but not in a steep wave.
  const bend = (i: number) => Math.abs(at(i + 1)! - 2 * at(i)! + at(i - 1)!);
  const bends = Array.from(left, (_, i) => bend(i)).sort((a, b) => a - b);
  const usual = bends[Math.floor(0.999 * bends.length)]!;
  assert(Math.max(bend(-1), bend(0)) <= usual);
});

Deno.test("renderWav() of a loop refuses a sequence of no length", async () => {
  await assert.rejects(renderWav(emptySequence(480), { isLoop: true }), {
    name: "RangeError",
    message: /^Cannot render a loop: the sequence has no length/,
  });
});

/** How far the stems of a piece are from its sound when added up, in dB. */
async function missingFromStems(
  music: NoteSequence,
  options: Parameters<typeof renderStems>[1],
): Promise<number> {
  const mix = await wholeOf(await renderSound(music, options));
  const difference = { ...mix };
  for await (const { sound } of renderStems(music, options)) {
    assert.equal(sound.frames, mix.left.length);
    const stem = await wholeOf(sound);
    for (const side of ["left", "right"] as const) {
      for (let i = 0; i < stem[side].length; i++) {
        difference[side][i]! -= stem[side][i]!;
      }
    }
  }
  const seconds = mix.left.length / mix.sampleRate;
  return levelDb(difference as Audio, 0, seconds);
}

Deno.test("renderStems() gives stems in step that add up to the sound of the whole", async () => {
  for (
    const options of [
      {},
      { vinyl: true, loudnessLufs: -9, tailSeconds: 1 },
      { isLoop: true, vinyl: true },
    ]
  ) {
    const level = await missingFromStems(BAND, options);
    assert(level < -100, `${level} dB`);
  }
});

Deno.test("renderStems() names the part of each stem, and leaves out parts without notes", async () => {
  const music = sequence([PAD, BASS, VIBRAPHONE], [
    [60, 0, 1, 2],
    [60, 0, 1, 0],
  ], 1);
  const parts: (number | undefined)[] = [];
  for await (const { part } of renderStems(music, { vinyl: true })) {
    parts.push(part);
  }
  assert.deepEqual(parts, [0, 2, undefined]);
});
