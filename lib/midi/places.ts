/** Which port and MIDI channel each part is written on. */

import { channelsOf, type Part } from "../music/music.ts";
import { CHANNELS, DRUM_CHANNEL } from "./track.ts";

/** Where the events of a part go. */
export interface Place {
  /** 0 unless there are more channels than a port has. */
  readonly port: number;
  /** MIDI channel, 0–15. */
  readonly channel: number;
}

/** Ports that a file can tell apart. */
const PORTS = 256;

/**
 * The place of each part. Parts on one channel have the same place, but for drums,
 * and others each their own: drums channel 10 of a port, pitched parts the other
 * channels in turn.
 *
 * @throws {RangeError} If the parts have more channels than files can have.
 */
export function placesOf(parts: readonly Part[]): Place[] {
  const given = new Map<number, Place>();
  let drums = 0, pitched = 0;
  const next = (isDrum: boolean): Place => {
    if (isDrum) return { port: drums++, channel: DRUM_CHANNEL };
    const port = Math.floor(pitched / (CHANNELS - 1));
    const channel = pitched++ % (CHANNELS - 1);
    return { port, channel: channel < DRUM_CHANNEL ? channel : channel + 1 };
  };
  const channels = channelsOf(parts);
  const places = parts.map(({ isDrum }, part) => {
    const key = channels[part]! * 2 + (isDrum ? 1 : 0);
    const place = given.get(key) ?? next(isDrum);
    given.set(key, place);
    return place;
  });
  const port = places.reduce((most, { port }) => Math.max(most, port), 0);
  if (port >= PORTS) {
    throw new RangeError(
      `Cannot write MIDI: the parts must be on at most ${
        PORTS * (CHANNELS - 1)
      } channels for pitches and ${PORTS} for drums, current values are ${pitched} and ${drums}.`,
    );
  }
  return places;
}
