/** Which port and MIDI channel each part is written on. */

import { channelsOf, type Part } from "../music/music.ts";
import { CHANNELS, DRUM_CHANNEL } from "./track.ts";

/** Where the events of a part go. */
export interface Place {
  /** 0 unless there are more channels than a port has. */
  readonly port: number;
  /** MIDI channel, 0–15. */
  readonly channel: number;
  /** Whether the channel plays drums and pitches in turn. */
  readonly isMixed: boolean;
}

/** Ports that a file can tell apart. */
const PORTS = 256;

/**
 * The place of each part. Parts on one channel have the same place, others each
 * their own: drums channel 10 of a port, pitched parts the other channels in turn.
 *
 * @throws {RangeError} If the parts have more channels than files can have.
 */
export function placesOf(parts: readonly Part[]): Place[] {
  const channels = channelsOf(parts);
  const kinds: ("pitched" | "drums" | "mixed")[] = [];
  for (const [part, channel] of channels.entries()) {
    const kind = parts[part]!.isDrum ? "drums" : "pitched";
    kinds[channel] = (kinds[channel] ?? kind) === kind ? kind : "mixed";
  }
  let drums = 0, others = 0;
  const places = kinds.map((kind): Place => {
    if (kind === "drums") {
      return { port: drums++, channel: DRUM_CHANNEL, isMixed: false };
    }
    const port = Math.floor(others / (CHANNELS - 1));
    const channel = others++ % (CHANNELS - 1);
    return {
      port,
      channel: channel < DRUM_CHANNEL ? channel : channel + 1,
      isMixed: kind === "mixed",
    };
  });
  const port = places.reduce((most, { port }) => Math.max(most, port), 0);
  if (port >= PORTS) {
    throw new RangeError(
      `Cannot write MIDI: the parts must be on at most ${
        PORTS * (CHANNELS - 1)
      } channels for pitches and ${PORTS} for drums, current values are ${others} and ${drums}.`,
    );
  }
  return channels.map((channel) => places[channel]!);
}
