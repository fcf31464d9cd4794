/** What {@linkcode PairTable.find} returns for a pair that is not in the table. */
export const ABSENT = -1;

/** Numbers in a slot; of four, a slot lies in one line of a cache. */
const SLOT = 4;

/**
 * A hash table that numbers pairs of integers 0, 1, 2, … in the order in which they
 * are added: open addressing, linear probing, at most half full.
 *
 * @example
 * ```ts
 * import { PairTable } from "immersic/evaluation/pair_table.ts";
 * const table = new PairTable();
 * console.assert(table.add(7, -2) === 0 && table.add(7, 3) === 1);
 * console.assert(table.find(7, -2) === 0 && table.find(8, 8) === -1);
 * ```
 */
export class PairTable {
  /** Number of pairs. */
  size = 0;
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  /**
   * Both numbers of a pair and its entry, side by side: in a table too large for the
   * caches, a search then waits for memory once.
   */
  #slots = new Int32Array(SLOT * 2048).fill(ABSENT);

  /** First number of a pair. */
  first(entry: number): number {
    return this.#first[entry]!;
  }

  /** Second number of a pair. */
  second(entry: number): number {
    return this.#second[entry]!;
  }

  /** The number of a pair, or {@linkcode ABSENT}. */
  find(first: number, second: number): number {
    return this.#slots[this.#slotOf(first, second) + 2]!;
  }

  /** The entry of a pair, which is added if it is new. */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot + 2]!;
    if (known !== ABSENT) return known;
    if (this.size === this.#first.length) {
      this.#grow();
      return this.add(first, second);
    }
    this.#first[this.size] = first;
    this.#second[this.size] = second;
    this.#fill(slot, this.size);
    return this.size++;
  }

  #fill(slot: number, entry: number): void {
    const slots = this.#slots;
    slots[slot] = this.#first[entry]!;
    slots[slot + 1] = this.#second[entry]!;
    slots[slot + 2] = entry;
  }

  /** Where a pair lies, or the free slot where it would. */
  #slotOf(first: number, second: number): number {
    const slots = this.#slots, mask = slots.length / SLOT - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let place = Math.imul(hash, 0x2c1b3c6d) >>> 7 & mask;
    for (;;) {
      const slot = SLOT * place;
      if (
        slots[slot + 2] === ABSENT ||
        slots[slot] === first && slots[slot + 1] === second
      ) return slot;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const grow = (array: Int32Array) => {
      const grown = new Int32Array(2 * array.length);
      grown.set(array);
      return grown;
    };
    this.#first = grow(this.#first);
    this.#second = grow(this.#second);
    this.#slots = new Int32Array(2 * this.#slots.length).fill(ABSENT);
    for (let entry = 0; entry < this.size; entry++) {
      const slot = this.#slotOf(this.#first[entry]!, this.#second[entry]!);
      this.#fill(slot, entry);
    }
  }
}
