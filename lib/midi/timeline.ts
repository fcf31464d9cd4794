/** What holds at each tick. */
export class Timeline<T> {
  readonly #ticks: number[] = [];
  readonly #values: T[] = [];
  /** Where the last look-up ended: the next is mostly near it. */
  #found = 0;

  /** Sets what holds from a tick on, at or after those set before. */
  set(ticks: number, value: T): void {
    const last = this.#ticks.length - 1;
    const isSame = this.#ticks[last] === ticks;
    this.#values[isSame ? last : last + 1] = value;
    if (!isSame) this.#ticks.push(ticks);
  }

  /** What was set last. */
  last(): T | undefined {
    return this.#values.at(-1);
  }

  /** When that was. */
  get lastTicks(): number {
    return this.#ticks.at(-1) ?? -Infinity;
  }

  /** What holds at a tick; undefined before the first. */
  at(ticks: number): T | undefined {
    const all = this.#ticks;
    let low = 0, high = all.length;
    const found = this.#found;
    if (all[found]! <= ticks) {
      low = found + 1;
      if (low === high || all[low]! > ticks) return this.#values[found];
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]! <= ticks) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    this.#found = low - 1;
    return this.#values[low - 1];
  }
}
