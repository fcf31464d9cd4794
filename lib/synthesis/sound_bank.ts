/**
 * The built-in sound bank, in the terms of SoundFont 2: samples, zones that map them to
 * keys, and presets for programs.
 */

import {
  BasicInstrument,
  BasicPreset,
  BasicSoundBank,
  EmptySample,
  Generator,
  type GeneratorType,
  GeneratorTypes,
  Modulator,
  ModulatorSource,
} from "spessasynth_core";
import { Random, Turns } from "../base/base.ts";
import { drumOf, DRUMS } from "./drums.ts";
import { instrumentOf, type SynthInstrument } from "./instruments.ts";
import { renderStroke, renderTone, type ToneSample } from "./tones.ts";

const KEYS = 128;
/** Fall of an envelope in the times that SoundFont 2 gives. */
const ENVELOPE_DB = 96;
/** Long, so that a drum stroke does not end with its note. */
const DRUM_RELEASE_SECONDS = 40;
const DRUM_SAMPLE_RATE = 44100;
/** Modulator source of SoundFont 2: velocity, linear, 0 at 127 and 1 at 0. */
const SOFTNESS = 0x102;
const SEED = 2024;

// Samples take long to make and never change: each instrument's are made once.
const samplesOf = new Map<SynthInstrument, ReadonlyMap<number, ToneSample>>();
let drumSamples: readonly ToneSample[] | undefined;

/**
 * The samples of an instrument, by MIDI pitch.
 *
 * @param instrument One of `instruments.ts`.
 * @returns A looped sample for each of its sampled pitches.
 */
export function instrumentSamples(
  instrument: SynthInstrument,
): ReadonlyMap<number, ToneSample> {
  let samples = samplesOf.get(instrument);
  samples ??= new Map(samplesMade(instrument));
  samplesOf.set(instrument, samples);
  return samples;
}

/** Makes the samples of an instrument one by one. */
function* samplesMade(
  { sampled: [low, high, step], recipe, sampleRate }: SynthInstrument,
): Iterable<[number, ToneSample]> {
  for (let pitch = low; pitch <= high; pitch += step) {
    const random = new Random(SEED + pitch);
    yield [pitch, renderTone(recipe(pitch), pitch, sampleRate, random)];
  }
}

function* drumSamplesMade(): Iterable<ToneSample> {
  const random = new Random(SEED);
  for (const { recipe } of DRUMS) {
    yield renderStroke(recipe, DRUM_SAMPLE_RATE, random);
  }
}

/**
 * Makes the samples of a sound bank, with turns for other work, so that
 * {@linkcode buildSoundBank} takes no time.
 *
 * @param programs As of {@linkcode buildSoundBank}.
 * @throws {Stopped} If it is asked to stop.
 */
export async function prepareSamples(
  programs: Iterable<number>,
  hasDrums: boolean,
): Promise<void> {
  const turns = new Turns();
  for (const program of new Set(programs)) {
    const instrument = instrumentOf(program);
    if (samplesOf.has(instrument)) continue;
    const made = new Map<number, ToneSample>();
    for (const [pitch, sample] of samplesMade(instrument)) {
      made.set(pitch, sample);
      await turns.give();
    }
    samplesOf.set(instrument, made);
  }
  if (!hasDrums || drumSamples) return;
  const made: ToneSample[] = [];
  for (const sample of drumSamplesMade()) {
    made.push(sample);
    await turns.give();
  }
  drumSamples = made;
}

/**
 * Builds a sound bank for the programs of a piece.
 *
 * @param programs General MIDI programs of the piece, 0–127.
 * @param hasDrums Whether it has drums.
 * @returns A bank with a preset for each program, and one for the drums.
 * @throws {RangeError} If there is no such program.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { buildSoundBank } from "immersic/synthesis/sound_bank.ts";
 * assert(buildSoundBank([32], false).presets[0]?.name === "Soft bass");
 * ```
 */
export function buildSoundBank(
  programs: Iterable<number>,
  hasDrums: boolean,
): BasicSoundBank {
  const bank = new BasicSoundBank();
  const built = new Map<SynthInstrument, BasicInstrument>();
  for (const program of new Set(programs)) {
    const instrument = instrumentOf(program);
    let playing = built.get(instrument);
    if (!playing) {
      playing = buildInstrument(bank, instrument);
      built.set(instrument, playing);
    }
    addPreset(bank, playing, program, false);
  }
  if (hasDrums) addPreset(bank, buildDrums(bank), 0, true);
  bank.soundBankInfo.name = "Immersic";
  bank.flush();
  return bank;
}

/** Adds a preset that plays an instrument. */
export function addPreset(
  bank: BasicSoundBank,
  instrument: BasicInstrument,
  program: number,
  isDrum: boolean,
): void {
  const preset = new BasicPreset(bank);
  preset.name = instrument.name;
  preset.program = program;
  preset.isGMGSDrum = isDrum;
  preset.createZone(instrument);
  bank.addPresets(preset);
}

/** Adds a sample, with its loop if it has one. */
export function addSample(
  bank: BasicSoundBank,
  name: string,
  { samples, sampleRate, loopStart }: ToneSample,
  pitch: number,
): EmptySample {
  const sample = new EmptySample();
  sample.name = name;
  sample.originalKey = pitch;
  sample.loopStart = loopStart ?? 0;
  sample.loopEnd = loopStart === undefined ? 0 : samples.length;
  sample.setAudioData(samples, sampleRate);
  bank.addSamples(sample);
  return sample;
}

/** SoundFont 2's unit of time: 1200 per doubling, 0 at a second. */
export function timecents(seconds: number): number {
  return 1200 * Math.log2(seconds);
}

/**
 * SoundFont 2's unit of attenuation, a tenth of a dB, of which synthesizers apply 0.4 by
 * convention.
 */
function attenuation(gainDb: number): number {
  return -10 * gainDb / 0.4;
}

/** SoundFont 2's unit of frequency: 1200 per doubling, 0 at 8.176 Hz. */
function absoluteCents(hz: number): number {
  return 1200 * Math.log2(hz / 8.176);
}

/** A generator of SoundFont 2 and its value. */
type Setting = readonly [GeneratorType, number];

function buildInstrument(
  bank: BasicSoundBank,
  instrument: SynthInstrument,
): BasicInstrument {
  const built = new BasicInstrument();
  built.name = instrument.name;
  for (const [type, value] of settings(instrument)) {
    built.globalZone.addGenerators(new Generator(type, value));
  }
  if (instrument.softening !== undefined) {
    built.globalZone.addModulators(
      new Modulator(
        ModulatorSource.fromSourceEnum(SOFTNESS),
        new ModulatorSource(),
        GeneratorTypes.initialFilterFc,
        -1200 * instrument.softening,
      ),
    );
  }
  const samples = [...instrumentSamples(instrument)];
  samples.forEach(([pitch, sample], i) => {
    const name = `${instrument.name} ${pitch}`;
    const zone = built.createZone(addSample(bank, name, sample, pitch));
    const halfway = (other: number) => Math.floor((pitch + other) / 2);
    zone.keyRange = {
      min: i === 0 ? 0 : halfway(samples[i - 1]![0]) + 1,
      max: i === samples.length - 1 ? KEYS - 1 : halfway(samples[i + 1]![0]),
    };
    // Low keys slightly left, high ones slightly right, as seen by a pianist.
    zone.setGenerator(GeneratorTypes.pan, Math.round((pitch - 64) * 3));
  });
  bank.addInstruments(built);
  return built;
}

function settings(instrument: SynthInstrument): Setting[] {
  const { decaySeconds, cutoffHz, tremolo, vibrato } = instrument;
  const falling = (secondsTo60Db: number) =>
    timecents(secondsTo60Db * ENVELOPE_DB / 60);
  const common: Setting[] = [
    [GeneratorTypes.sampleModes, 1],
    [GeneratorTypes.initialAttenuation, attenuation(instrument.gainDb)],
    [GeneratorTypes.attackVolEnv, timecents(instrument.attackSeconds)],
    [GeneratorTypes.releaseVolEnv, falling(instrument.releaseSeconds)],
    [GeneratorTypes.reverbEffectsSend, 1000 * instrument.reverb],
    [GeneratorTypes.chorusEffectsSend, 1000 * instrument.chorus],
  ];
  if (decaySeconds !== undefined) {
    const perOctave = instrument.decayPerOctave ?? 1.5;
    common.push(
      [GeneratorTypes.decayVolEnv, falling(decaySeconds)],
      [GeneratorTypes.sustainVolEnv, 10 * ENVELOPE_DB],
      [GeneratorTypes.keyNumToVolEnvDecay, timecents(perOctave) / 12],
    );
  }
  if (cutoffHz !== undefined) {
    common.push([GeneratorTypes.initialFilterFc, absoluteCents(cutoffHz)]);
  }
  if (tremolo) {
    common.push(
      [GeneratorTypes.freqModLFO, absoluteCents(tremolo.hz)],
      [GeneratorTypes.modLfoToVolume, 10 * tremolo.db],
    );
  }
  if (vibrato) {
    common.push(
      [GeneratorTypes.freqVibLFO, absoluteCents(vibrato.hz)],
      [GeneratorTypes.vibLfoToPitch, vibrato.cents],
      [GeneratorTypes.delayVibLFO, timecents(vibrato.delaySeconds)],
    );
  }
  return common;
}

/** Adds the built-in drums. */
export function buildDrums(bank: BasicSoundBank): BasicInstrument {
  drumSamples ??= [...drumSamplesMade()];
  const samples = DRUMS.map(({ name, keys }, i) =>
    addSample(bank, name, drumSamples![i]!, keys[0]!)
  );
  const built = new BasicInstrument();
  built.name = "Brushed drums";
  const shared: Setting[] = [
    [GeneratorTypes.releaseVolEnv, timecents(DRUM_RELEASE_SECONDS)],
    [GeneratorTypes.reverbEffectsSend, 150],
  ];
  for (const [type, value] of shared) {
    built.globalZone.addGenerators(new Generator(type, value));
  }
  for (let key = 0; key < KEYS; key++) {
    const drum = drumOf(key);
    const zone = built.createZone(samples[DRUMS.indexOf(drum)]!);
    zone.keyRange = { min: key, max: key };
    zone.setGenerator(GeneratorTypes.scaleTuning, drum.isTuned ? 100 : 0);
    zone.setGenerator(GeneratorTypes.pan, Math.round(500 * drum.pan));
    zone.setGenerator(
      GeneratorTypes.initialAttenuation,
      Math.round(attenuation(drum.gainDb)),
    );
    zone.setGenerator(GeneratorTypes.exclusiveClass, drum.group ?? 0);
  }
  bank.addInstruments(built);
  return built;
}
