/** Changes files that the project saves, the way that disks, transfers and editors do. */

import { Buffer } from "node:buffer";
import type { Random } from "../../base/base.ts";

/** Longest stretch that is inserted, removed or moved, in bytes. */
const LONGEST_STRETCH = 40;

/** Changes bytes somewhere. */
type ByteMutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** A stretch, and what lies before and behind it. */
function cut(bytes: Uint8Array, random: Random) {
  const at = random.int(bytes.length);
  const end = at + 1 + random.int(LONGEST_STRETCH);
  return {
    before: bytes.subarray(0, at),
    stretch: bytes.subarray(at, end),
    after: bytes.subarray(end),
  };
}

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  function flipBit(bytes, random) {
    const at = random.int(bytes.length);
    return bytes.with(at, bytes[at]! ^ 1 << random.int(8));
  },
  function overwrite(bytes, random) {
    return bytes.with(random.int(bytes.length), random.int(256));
  },
  function digit(bytes, random) {
    return bytes.with(random.int(bytes.length), 0x30 + random.int(10));
  },
  function remove(bytes, random) {
    const { before, after } = cut(bytes, random);
    return Buffer.concat([before, after]);
  },
  function repeat(bytes, random) {
    const { before, stretch, after } = cut(bytes, random);
    return Buffer.concat([before, stretch, stretch, after]);
  },
  function zero(bytes, random) {
    const { before, stretch, after } = cut(bytes, random);
    return Buffer.concat([before, Buffer.alloc(stretch.length), after]);
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.int(bytes.length));
  },
];

/** Changes one value of a JSON text: a number, a string, an entry or their order. */
function editJson(text: string, random: Random): string {
  const root = JSON.parse(text);
  // deno-lint-ignore no-explicit-any -- any JSON
  const places: { holder: any; key: string | number }[] = [];
  // deno-lint-ignore no-explicit-any -- any JSON
  const visit = (holder: any) => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      if (typeof holder[key] === "object" && holder[key]) visit(holder[key]);
    }
  };
  visit(root);
  const { holder, key } = random.pick(places);
  const value = holder[key];
  const what = random.int(3);
  if (what === 0) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if (what === 1 && Array.isArray(value) && value.length > 1) {
    value.push(value.shift());
  } else if (typeof value === "number") holder[key] = value + 1;
  else if (typeof value === "string") holder[key] = `${value}x`;
  else if (typeof value === "boolean") holder[key] = !value;
  else holder[key] = null;
  return JSON.stringify(root, null, 1);
}

/**
 * Changes a saved file at one place or several.
 *
 * @param name Of the file; of `.json` every other mutant is JSON still.
 */
export function mutateSaved(
  name: string,
  bytes: Uint8Array,
  random: Random,
): Uint8Array {
  if (name.endsWith(".json") && random.next() < 0.5) {
    const text = new TextDecoder().decode(bytes);
    return new TextEncoder().encode(editJson(text, random));
  }
  let mutant = bytes;
  const changes = random.next() < 0.7 ? 1 : 1 + random.int(4);
  for (let i = 0; i < changes && mutant.length > 0; i++) {
    mutant = random.pick(BYTE_MUTATIONS)(mutant, random);
  }
  return mutant;
}
