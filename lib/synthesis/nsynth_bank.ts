/** A sound bank of recorded notes, in the layout of the NSynth data set. */

import {
  BasicInstrument,
  BasicSoundBank,
  Generator,
  GeneratorTypes,
} from "spessasynth_core";
import type { NsynthFolder, NsynthNote } from "../corpus/corpus.ts";
import { addPreset, addSample, buildDrums, timecents } from "./sound_bank.ts";
import { readPcm16 } from "./wav.ts";

/**
 * NSynth's families, each with the first of the General MIDI programs that it plays,
 * and the families that stand in for it, the nearest first.
 */
const FAMILIES: readonly {
  readonly from: number;
  readonly family: string;
  readonly instead: readonly string[];
}[] = [
  { from: 0, family: "keyboard", instead: ["mallet", "guitar", "organ"] },
  { from: 8, family: "mallet", instead: ["keyboard", "guitar"] },
  { from: 16, family: "organ", instead: ["string", "reed", "synth_lead"] },
  { from: 24, family: "guitar", instead: ["keyboard", "mallet", "bass"] },
  { from: 32, family: "bass", instead: ["guitar", "keyboard"] },
  { from: 40, family: "string", instead: ["organ", "vocal", "flute"] },
  { from: 52, family: "vocal", instead: ["string", "flute", "organ"] },
  { from: 55, family: "string", instead: ["organ", "vocal", "flute"] },
  { from: 56, family: "brass", instead: ["reed", "string", "organ"] },
  { from: 64, family: "reed", instead: ["flute", "brass", "string"] },
  { from: 72, family: "flute", instead: ["reed", "vocal", "string"] },
  { from: 80, family: "synth_lead", instead: ["reed", "organ", "string"] },
  { from: 88, family: "string", instead: ["vocal", "organ", "synth_lead"] },
  { from: 96, family: "synth_lead", instead: ["string", "organ"] },
  { from: 104, family: "guitar", instead: ["mallet", "keyboard"] },
  { from: 112, family: "mallet", instead: ["keyboard", "guitar"] },
];
const PROGRAMS = 128;
/** Least semitones between two samples: the notes between take the nearest. */
const STEP = 3;
/** The velocity whose recordings are taken, or the nearest. */
const VELOCITY = 75;
const RELEASE_SECONDS = 0.6;
/** RMS of the first second of every sample: recordings are as loud as they happen to be. */
const RMS = 0.1;

/**
 * Builds a sound bank for all General MIDI programs and drums from recorded notes. Of
 * each family the instrument with most pitches is taken; what has no recording is
 * played by the nearest pitch and family, and drums by the built-in ones. A recording
 * of NSynth lasts four seconds, and longer notes end with it.
 *
 * @returns The bytes of an SF2 file, for `soundBank` of {@linkcode renderWav}.
 * @throws {RangeError} If a recording is no WAV file of 16 bits.
 */
export async function nsynthSoundBank(
  { notes, read }: NsynthFolder,
): Promise<Uint8Array> {
  const bank = new BasicSoundBank();
  const byFamily = Map.groupBy(notes, ({ family }) => family);
  const built = new Map<string, BasicInstrument>();
  for (const [i, { from, family, instead }] of FAMILIES.entries()) {
    const playing = [family, ...instead, ...byFamily.keys()]
      .find((one) => byFamily.has(one))!;
    let instrument = built.get(playing);
    if (!instrument) {
      const chosen = instrumentIn(byFamily.get(playing)!);
      instrument = await buildInstrument(bank, chosen, read);
      built.set(playing, instrument);
    }
    const end = FAMILIES[i + 1]?.from ?? PROGRAMS;
    for (let program = from; program < end; program++) {
      addPreset(bank, instrument, program, false);
    }
  }
  addPreset(bank, buildDrums(bank), 0, true);
  bank.soundBankInfo.name = "NSynth";
  bank.flush();
  return new Uint8Array(await bank.writeSF2());
}

/** Of a family's notes those to take: of one instrument, by pitch, not too dense. */
function instrumentIn(notes: readonly NsynthNote[]): NsynthNote[] {
  const pitches = (some: readonly NsynthNote[]) =>
    new Set(some.map(({ pitch }) => pitch)).size;
  const [most = []] = [...Map.groupBy(notes, (note) => note.instrument)]
    .sort(([a, x], [b, y]) => pitches(y) - pitches(x) || (a < b ? -1 : 1))
    .map(([, of]) => of);
  const distance = ({ velocity }: NsynthNote) => Math.abs(velocity - VELOCITY);
  const sorted = most.toSorted((a, b) =>
    a.pitch - b.pitch || distance(a) - distance(b)
  );
  const chosen: NsynthNote[] = [];
  for (const note of sorted) {
    if (note.pitch >= (chosen.at(-1)?.pitch ?? -STEP) + STEP) chosen.push(note);
  }
  return chosen;
}

async function buildInstrument(
  bank: BasicSoundBank,
  notes: readonly NsynthNote[],
  read: NsynthFolder["read"],
): Promise<BasicInstrument> {
  const instrument = new BasicInstrument();
  instrument.name = notes[0]!.instrument;
  instrument.globalZone.addGenerators(
    new Generator(GeneratorTypes.releaseVolEnv, timecents(RELEASE_SECONDS)),
  );
  instrument.globalZone.addGenerators(
    new Generator(GeneratorTypes.reverbEffectsSend, 300),
  );
  for (const [i, note] of notes.entries()) {
    const { samples, sampleRate } = readPcm16(await read(note));
    const sound = { samples: asLoud(samples, sampleRate), sampleRate };
    const zone = instrument.createZone(
      addSample(bank, note.name, sound, note.pitch),
    );
    const halfway = (other: NsynthNote) =>
      Math.floor((note.pitch + other.pitch) / 2);
    zone.keyRange = {
      min: i === 0 ? 0 : halfway(notes[i - 1]!) + 1,
      max: i === notes.length - 1 ? 127 : halfway(notes[i + 1]!),
    };
  }
  bank.addInstruments(instrument);
  return instrument;
}

/** The samples with the loudness of the others, below full scale. */
function asLoud(samples: Float32Array, sampleRate: number): Float32Array {
  const first = samples.subarray(0, sampleRate);
  const rms = Math.sqrt(
    first.reduce((sum, x) => sum + x * x, 0) / Math.max(1, first.length),
  );
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const gain = Math.min(RMS / Math.max(rms, 1e-6), 1 / Math.max(peak, 1e-6));
  return samples.map((x) => gain * x);
}
