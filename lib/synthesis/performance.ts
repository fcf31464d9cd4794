/** Plays a {@linkcode NoteSequence} on the synthesizer of spessasynth_core. */

import {
  type BasicSoundBank,
  DEFAULT_PERCUSSION,
  MIDIControllers,
  SPESSA_BUFSIZE,
  SpessaSynthProcessor,
} from "spessasynth_core";
import { Turns } from "../base/base.ts";
import {
  channelsOf,
  type NoteSequence,
  type Part,
  ticksToSeconds,
} from "../music/music.ts";
import type { Audio } from "./sound.ts";

/** Options of {@linkcode perform}. */
export interface PerformOptions {
  /** Length of the recording, in frames. */
  readonly frames: number;
  readonly sampleRate: number;
  /** Gain of the reverb: 0 for none, 1 as the instruments have it. */
  readonly reverb: number;
  /** Gain of the chorus, likewise. */
  readonly chorus: number;
  /** Called after each second of sound, when the event loop runs. */
  readonly onProgress?:
    | ((seconds: number, of: number) => void)
    | undefined;
}

/** Default send to the reverb in General MIDI 2, 0–127. */
const REVERB_SEND = 40;

/** Reverb time, 0–127. The default is 64; ambient music sounds better with more. */
const REVERB_TIME = 90;

const MIDI_CHANNELS = 16;
/** About a twentieth of a second of sound. */
const BLOCKS_BETWEEN_TURNS = 16;

/** Something to do when a block of frames begins. */
interface Action {
  readonly block: number;
  /** Order within a block: note ends, control changes, note starts. */
  readonly order: 0 | 1 | 2;
  readonly run: () => void;
}

/**
 * Plays a sequence, a second at a time.
 *
 * Notes and controls fall on blocks of 128 frames, 2.9 ms at 44.1 kHz, so each is at
 * most 1.5 ms early or late. The sustain pedal is lifted at `totalTicks`, so that
 * after it notes only ring out.
 *
 * @param sequence The music.
 * @param bank The instruments.
 * @param options Length and effects.
 * @returns Consecutive pieces of the sound, at whatever level the instruments have.
 */
export async function* perform(
  sequence: NoteSequence,
  bank: BasicSoundBank,
  options: PerformOptions,
): AsyncGenerator<Audio> {
  const { frames, sampleRate, reverb, chorus, onProgress } = options;
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false });
  synth.soundBankManager.addSoundBank(bank, "main");
  const channels = synthChannels(sequence.parts);
  const last = channels.reduce((last, channel) => Math.max(last, channel), 0);
  while (synth.midiChannels.length <= last) synth.createMIDIChannel();
  synth.reset(); // new channels start with all controllers at 0
  synth.setSystemParameter("reverbGain", reverb);
  synth.setSystemParameter("chorusGain", chorus);
  synth.reverbProcessor.time = REVERB_TIME;
  const actions = plan(sequence, synth, channels);

  const blocks = Math.ceil(frames / SPESSA_BUFSIZE);
  const blocksPerSecond = Math.floor(sampleRate / SPESSA_BUFSIZE);
  const turns = new Turns();
  let next = 0;
  for (let block = 0; block < blocks; block += blocksPerSecond) {
    const end = Math.min(block + blocksPerSecond, blocks);
    const left = new Float32Array((end - block) * SPESSA_BUFSIZE);
    const right = new Float32Array(left.length);
    for (let now = block; now < end; now++) {
      for (; next < actions.length; next++) {
        const { block: due, run } = actions[next]!;
        if (due > now) break;
        run();
      }
      const offset = (now - block) * SPESSA_BUFSIZE;
      synth.process(left, right, offset, SPESSA_BUFSIZE);
      if (now % BLOCKS_BETWEEN_TURNS === 0) await turns.give();
    }
    const wanted = frames - block * SPESSA_BUFSIZE;
    yield {
      left: left.subarray(0, wanted),
      right: right.subarray(0, wanted),
      sampleRate,
    };
    if (end - block < blocksPerSecond) return;
    onProgress?.(
      end / blocksPerSecond,
      Math.floor(blocks / blocksPerSecond),
    );
  }
}

/** Everything to do, in order of time. */
function plan(
  sequence: NoteSequence,
  synth: SpessaSynthProcessor,
  channels: readonly number[],
): Action[] {
  const blocksPerSecond = synth.sampleRate / SPESSA_BUFSIZE;
  const blockOf = (ticks: number) =>
    Math.round(ticksToSeconds(sequence, ticks) * blocksPerSecond);
  const actions: Action[] = [];
  /** The part whose program each channel has. */
  const selected = new Map<number, Part>();
  const select = (part: number) => {
    const channel = channels[part]!, wanted = sequence.parts[part]!;
    if (isSameProgram(selected.get(channel), wanted)) return;
    selected.set(channel, wanted);
    const { bank = 0, program } = wanted;
    synth.controllerChange(channel, MIDIControllers.bankSelect, bank >> 7);
    synth.controllerChange(channel, MIDIControllers.bankSelectLSB, bank & 0x7f);
    synth.programChange(channel, program);
  };
  for (const [part, channel] of channels.entries()) {
    if (!selected.has(channel)) select(part);
  }
  const lastBlock = blockOf(sequence.totalTicks);
  for (const channel of new Set(channels)) {
    synth.controllerChange(channel, MIDIControllers.reverbDepth, REVERB_SEND);
    actions.push({
      block: lastBlock,
      order: 1,
      run: () =>
        synth.controllerChange(channel, MIDIControllers.sustainPedal, 0),
    });
  }
  const reached = controlledChannels(sequence.parts, channels);
  for (const { ticks, part, controller, value } of sequence.controls) {
    actions.push({
      block: blockOf(ticks),
      order: 1,
      run: () => {
        for (const channel of reached[part]!) {
          synth.controllerChange(
            channel,
            controller as Parameters<typeof synth.controllerChange>[1],
            value,
          );
        }
      },
    });
  }
  for (
    const { part, pitch, velocity, startTicks, endTicks } of sequence.notes
  ) {
    const channel = channels[part]!;
    const block = blockOf(startTicks);
    actions.push({
      block,
      order: 2,
      run: () => {
        select(part);
        synth.noteOn(channel, pitch, velocity);
      },
    }, {
      // Otherwise a note of no length would end before it starts.
      block: Math.max(block + 1, blockOf(endTicks)),
      order: 0,
      run: () => synth.noteOff(channel, pitch),
    });
  }
  return actions.sort((a, b) => a.block - b.block || a.order - b.order);
}

function isSameProgram(a: Part | undefined, b: Part): boolean {
  return a?.program === b.program && (a.bank ?? 0) === (b.bank ?? 0);
}

/**
 * A channel of the synthesizer for each part: one for the pitched parts of a
 * channel, and one for its drums.
 */
function synthChannels(parts: readonly Part[]): number[] {
  const given = new Map<string, number>();
  let pitched = 0, drums = DEFAULT_PERCUSSION;
  const next = (isDrum: boolean) => {
    // The synthesizer has drums on every tenth of sixteen channels.
    if (isDrum) return (drums += MIDI_CHANNELS) - MIDI_CHANNELS;
    if (pitched % MIDI_CHANNELS === DEFAULT_PERCUSSION) pitched++;
    return pitched++;
  };
  const channels = channelsOf(parts);
  return parts.map(({ isDrum }, part) => {
    const key = `${channels[part]} ${isDrum}`;
    const channel = given.get(key) ?? next(isDrum);
    given.set(key, channel);
    return channel;
  });
}

/** The channels of the synthesizer that a controller of each part reaches. */
function controlledChannels(
  parts: readonly Part[],
  synthChannels: readonly number[],
): ReadonlySet<number>[] {
  const channels = channelsOf(parts);
  const reached = parts.map(() => new Set<number>());
  for (const [part, channel] of channels.entries()) {
    reached[channel]!.add(synthChannels[part]!);
  }
  return channels.map((channel) => reached[channel]!);
}
