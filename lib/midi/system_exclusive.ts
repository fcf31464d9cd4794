/**
 * The system exclusive messages that say which channels are drums. Sources:
 * "General MIDI System Level 1" and "Level 2" (RP-003, RP-024), the GS and XG
 * parameter tables of Roland's SC-88 and Yamaha's MU80.
 */

/** Sets of rules for sounds that a file can choose. */
export type SoundSystem = "gm" | "gm2" | "gs" | "xg";

/** What a message says of drums. */
export type DrumMessage =
  /** All channels are as at first, and a set of rules holds. */
  | { readonly system: SoundSystem }
  /** A channel, 0–15, is for drums or for pitches. */
  | { readonly channel: number; readonly isDrum: boolean };

/**
 * What a message says of drums.
 *
 * @param data The message without the 0xf0 it begins with.
 * @returns Undefined for the many that say nothing of them.
 */
export function readDrumMessage(data: Uint8Array): DrumMessage | undefined {
  const isLike = (pattern: readonly (number | undefined)[]) =>
    data.length >= pattern.length &&
    pattern.every((byte, i) => byte === undefined || data[i] === byte);
  if (isLike(GM_SYSTEM)) {
    const system = data[3] === 3 ? "gm2" : "gm";
    return { system };
  }
  if (isLike(GS_RESET) || isLike(GS_MODE)) return { system: "gs" };
  if (isLike(GS_PART)) {
    const block = data[5]!;
    // Block 0 is channel 10, and the nine before it are moved up by one.
    if (block >> 4 !== 1 || data[6] !== 0x15) return undefined;
    const part = block & 0x0f;
    const channel = part === 0 ? 9 : part <= 9 ? part - 1 : part;
    return { channel, isDrum: data[7]! > 0 };
  }
  // Yamaha's device number is the low half of its byte.
  if (data.length < 8 || data[0] !== 0x43 || data[1]! >> 4 !== 1) {
    return undefined;
  }
  if (isLike(XG_ON)) return { system: "xg" };
  if (isLike(XG_PART_MODE) && data[4]! < 16) {
    return { channel: data[4]!, isDrum: data[6]! > 0 };
  }
  return undefined;
}

const ANY = undefined;
const GM_SYSTEM = [0x7e, ANY, 0x09, ANY];
/** Roland's address 40 00 7F. */
const GS_RESET = [0x41, ANY, 0x42, 0x12, 0x40, 0x00, 0x7f, 0x00];
/** The "system mode set" of the SC-88, address 00 00 7F. */
const GS_MODE = [0x41, ANY, 0x42, 0x12, 0x00, 0x00, 0x7f];
/** A byte for a part: address 40 1x yy. */
const GS_PART = [0x41, ANY, 0x42, 0x12, 0x40, ANY, ANY, ANY];
const XG_ON = [0x43, ANY, 0x4c, 0x00, 0x00, 0x7e, 0x00];
const XG_PART_MODE = [0x43, ANY, 0x4c, 0x08, ANY, 0x07, ANY];
