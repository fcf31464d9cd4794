/**
 * What holds on each channel of a file at each tick, whichever track said it:
 * the program, the bank, whether it is for drums, and the MPE zone it is in.
 *
 * Which channels are drums is decided as TiMidity++ 2.15 and SpessaSynth 4 do,
 * the players that know all four sets of rules:
 *
 * - Channel 10 is, until a message says otherwise; a GM, GS or XG reset makes it
 *   so again.
 * - GS "use for rhythm part" and XG "part mode" switch a channel at once.
 * - After XG or GM2 is switched on, bank select MSB 120 (GM2), 126 and 127 (XG)
 *   make a channel a drum channel with its next program change, and any other
 *   makes it melodic. Channel 10 remains for drums but under MSB 121, GM2's
 *   melodic bank: XG files set bank 0 there and mean drums.
 * - Without XG or GM2 a bank says nothing of drums: in GS, bank 127 has the sounds
 *   of the MT-32.
 *
 * An MPE zone (MIDI Polyphonic Expression 1.0, RP-053) begins with registered
 * parameter 6 on channel 1 or 16, whose value is the number of channels next to
 * it. They all play the instrument of that channel, and none is for drums.
 */

import type { SoundSystem } from "./system_exclusive.ts";
import type { Tally } from "./tally.ts";
import { Timeline } from "./timeline.ts";
import {
  BANK_LSB,
  BANK_MSB,
  CHANNELS,
  type ControllerEvent,
  DRUM_CHANNEL,
  type DrumEvent,
  type ProgramEvent,
  type Track,
  type Voice,
} from "./track.ts";

/** The instrument that plays a note. */
export interface Instrument {
  readonly channel: number;
  readonly program: number;
  /** 128 × MSB + LSB. */
  readonly bank: number;
  readonly isDrum: boolean;
}

const DRUM_BANKS = [120, 126, 127];
const GM2_MELODIC_BANK = 121;
/** Controllers that select a parameter, registered or not. */
const NRPN_LSB = 98, NRPN_MSB = 99, RPN_LSB = 100, RPN_MSB = 101;
/** Controllers that set the parameter selected. */
const DATA_ENTRY = 6, DATA_ENTRY_LSB = 38, INCREMENT = 96, DECREMENT = 97;
/** LSB of the parameter, its MSB is 0. */
const MPE_CONFIGURATION = 6;
/** Half the number of no parameter. */
const NO_PARAMETER = 127;

/** Follows the channels of a file through all its events. */
export class Channels {
  /** The controllers that the music keeps, in the order of their ticks. */
  readonly controls: readonly ControllerEvent[];
  readonly #tally: Tally;
  #system: SoundSystem = "gm";
  // By channel; absent where nothing was said.
  readonly #programs: Timeline<ProgramEvent>[] = [];
  readonly #drums: Timeline<boolean>[] = [];
  /** The channel whose instrument plays; undefined out of zones. */
  readonly #zones: Timeline<number | undefined>[] = [];
  // What was last set, by channel.
  readonly #bankMsb: number[] = [];
  readonly #bankLsb: number[] = [];
  readonly #parameterMsb: number[] = [];
  readonly #parameterLsb: number[] = [];
  /** Channels that a reset is to set back. */
  readonly #switched = new Set<number>();

  constructor(tracks: readonly Track[], tally: Tally) {
    this.#tally = tally;
    const controls = merged(tracks, (track) => track.controls);
    const programs = merged(tracks, (track) => track.programs);
    const drums = merged(tracks, (track) => track.drums);
    const kept: ControllerEvent[] = [];
    // At one tick messages come first, then banks, then programs: tracks that
    // share a channel may have them in any order.
    for (let c = 0, p = 0, d = 0;;) {
      const control = controls[c], program = programs[p], message = drums[d];
      const controlTicks = control?.ticks ?? Infinity;
      const programTicks = program?.ticks ?? Infinity;
      if (message && message.ticks <= Math.min(controlTicks, programTicks)) {
        this.#switchDrums(message);
        d++;
      } else if (control && controlTicks <= programTicks) {
        if (this.#setControl(control)) kept.push(control);
        c++;
      } else if (program) {
        this.#setProgram(program);
        p++;
      } else break;
    }
    this.controls = kept;
  }

  /** Whether there is an MPE zone at any time. */
  get hasZones(): boolean {
    return this.#zones.length > 0;
  }

  /**
   * What plays a note. The program is the last of its own track, or else the
   * last of any track by then.
   */
  instrumentOf({ channel, change }: Voice, ticks: number): Instrument {
    const zone = this.#zones[channel]?.at(ticks);
    const chosen = zone === undefined
      ? change ?? this.#programs[channel]?.at(ticks)
      : this.#programs[zone]?.at(ticks) ?? change;
    return {
      channel: zone ?? channel,
      program: chosen?.program ?? 0,
      bank: chosen?.bank ?? 0,
      isDrum: zone === undefined && this.#playsDrums(channel, ticks),
    };
  }

  /** Whether a channel is for drums at a tick. */
  isDrum(channel: number, ticks: number): boolean {
    return this.#zones[channel]?.at(ticks) === undefined &&
      this.#playsDrums(channel, ticks);
  }

  #playsDrums(channel: number, ticks: number): boolean {
    return this.#drums[channel]?.at(ticks) ?? isDrumChannel(channel);
  }

  /** Whether the same instrument plays all notes of a voice. */
  isSteady({ channel, change, ticks }: Voice): boolean {
    const programs = this.#programs[channel];
    return this.#zones[channel] === undefined &&
      this.#drums[channel] === undefined &&
      (change !== undefined || programs === undefined ||
        programs.lastTicks <= ticks);
  }

  /** Whether the music keeps a controller. */
  #setControl({ ticks, channel, controller, value }: ControllerEvent): boolean {
    switch (controller) {
      case BANK_MSB:
        this.#bankMsb[channel] = value;
        return false;
      case BANK_LSB:
        this.#bankLsb[channel] = value;
        return false;
      case RPN_MSB:
        this.#parameterMsb[channel] = value;
        break;
      case RPN_LSB:
        this.#parameterLsb[channel] = value;
        break;
      case NRPN_MSB:
      case NRPN_LSB:
        this.#parameterMsb[channel] = NO_PARAMETER;
        break;
      case DATA_ENTRY:
      case DATA_ENTRY_LSB:
      case INCREMENT:
      case DECREMENT:
        // Left out, for on another channel it would begin another zone.
        if (
          this.#parameterMsb[channel] === 0 &&
          this.#parameterLsb[channel] === MPE_CONFIGURATION
        ) {
          if (controller === DATA_ENTRY) this.#setZone(channel, value, ticks);
          return false;
        }
    }
    if (this.#zones[channel]?.last() === undefined) return true;
    this.#tally.drop("controllers of single notes of an MPE zone");
    return false;
  }

  /** Begins or ends a zone of some channels next to the first or the last. */
  #setZone(channel: number, memberCount: number, ticks: number): void {
    const number = channel % CHANNELS;
    const step = number === 0 ? 1 : number === CHANNELS - 1 ? -1 : 0;
    if (step === 0) return;
    for (let i = 1; i < CHANNELS; i++) {
      const member = channel + i * step;
      const zone = this.#zones[member]?.last();
      if (i <= memberCount) this.#join(member, channel, ticks);
      else if (zone === channel) this.#join(member, undefined, ticks);
    }
    if (memberCount > 0) this.#join(channel, undefined, ticks);
  }

  /** Puts a channel into a zone, or takes it out of all. */
  #join(channel: number, zone: number | undefined, ticks: number): void {
    const zones = this.#zones[channel];
    if (zones?.last() === zone) return;
    this.#tally.countEvent();
    (this.#zones[channel] ??= new Timeline()).set(ticks, zone);
  }

  /** Sets the program, its bank, and in XG and GM2 whether it is for drums. */
  #setProgram(change: ProgramEvent): void {
    const { ticks, channel } = change;
    const msb = change.bankMsb ?? this.#bankMsb[channel];
    const lsb = change.bankLsb ?? this.#bankLsb[channel] ?? 0;
    change.bank = (msb ?? 0) * 128 + lsb;
    (this.#programs[channel] ??= new Timeline()).set(ticks, change);
    const banksAreDrums = this.#system === "xg" || this.#system === "gm2";
    if (!banksAreDrums || msb === undefined) return;
    if (DRUM_BANKS.includes(msb)) {
      change.bank = 0;
      this.#setDrum(channel, ticks, true);
    } else if (!isDrumChannel(channel) || msb === GM2_MELODIC_BANK) {
      this.#setDrum(channel, ticks, false);
    }
  }

  #switchDrums({ ticks, firstChannel, message }: DrumEvent): void {
    if ("channel" in message) {
      const channel = firstChannel + message.channel;
      return this.#setDrum(channel, ticks, message.isDrum);
    }
    this.#system = message.system;
    for (const channel of this.#switched) {
      this.#drums[channel]?.set(ticks, isDrumChannel(channel));
    }
    this.#switched.clear();
  }

  #setDrum(channel: number, ticks: number, isDrum: boolean): void {
    const drums = this.#drums[channel];
    if ((drums?.last() ?? isDrumChannel(channel)) === isDrum) return;
    (this.#drums[channel] ??= new Timeline()).set(ticks, isDrum);
    this.#switched.add(channel);
  }
}

function isDrumChannel(channel: number): boolean {
  return channel % CHANNELS === DRUM_CHANNEL;
}

/** Events of all tracks in the order of their ticks, then of the tracks. */
function merged<T extends { readonly ticks: number }>(
  tracks: readonly Track[],
  eventsOf: (track: Track) => readonly T[],
): readonly T[] {
  const lists = tracks.map(eventsOf).filter((events) => events.length > 0);
  if (lists.length <= 1) return lists[0] ?? [];
  return lists.flat().sort((a, b) => a.ticks - b.ticks);
}
