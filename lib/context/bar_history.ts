/**
 * The notes of the last bars, in the order in which REMI writes them: by position,
 * instrument and pitch. A ring of typed arrays, so that a stream without end
 * allocates nothing.
 */

/** Bars that can be looked back to, the current one among them. */
const BARS_KEPT = 18;
/** Numbers of a note: see {@linkcode NOTE}. */
const FIELDS = 6;
/** Where the numbers of a note lie. */
export const NOTE = {
  position: 0,
  instrument: 1,
  pitch: 2,
  velocityId: 3,
  durationId: 4,
  steps: 5,
} as const;

/** One bar. */
export class BarNotes {
  /** Notes begun in it. */
  count = 0;
  /** Steps from the piece's start, and its length; 0 where not yet known. */
  start = 0;
  steps = 0;
  #data = new Int32Array(FIELDS * 32);

  /** A number of note `i`. */
  get(i: number, field: number): number {
    return this.#data[FIELDS * i + field]!;
  }

  /** Sets a number of note `i`. */
  set(i: number, field: number, value: number): void {
    this.#data[FIELDS * i + field] = value;
  }

  /** Adds a note, its length and velocity unknown. */
  add(position: number, instrument: number, pitch: number): void {
    const at = FIELDS * this.count++;
    if (at + FIELDS > this.#data.length) {
      const larger = new Int32Array(2 * this.#data.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    const data = this.#data;
    data[at] = position;
    data[at + 1] = instrument;
    data[at + 2] = pitch;
    data[at + 3] = data[at + 4] = -1;
    data[at + 5] = 0;
  }

  /** Makes it an empty bar. */
  clear(start: number, steps: number): void {
    this.count = 0;
    this.start = start;
    this.steps = steps;
  }

  /** Takes over another bar's notes. */
  copy(other: BarNotes): void {
    this.count = other.count;
    this.start = other.start;
    this.steps = other.steps;
    const used = FIELDS * other.count;
    if (this.#data.length < used) this.#data = new Int32Array(2 * used);
    for (let i = 0; i < used; i++) this.#data[i] = other.#data[i]!;
  }
}

/** The last bars. */
export class BarHistory {
  readonly #ring = Array.from({ length: BARS_KEPT }, () => new BarNotes());
  /** Bars begun so far. */
  count = 0;

  /** Begins a bar. */
  begin(start: number, steps: number): BarNotes {
    const bar = this.#ring[this.count++ % BARS_KEPT]!;
    bar.clear(start, steps);
    return bar;
  }

  /** The bar `lag` bars before the current one; undefined before the first. */
  back(lag: number): BarNotes | undefined {
    const index = this.count - 1 - lag;
    return index < 0 || lag >= BARS_KEPT
      ? undefined
      : this.#ring[index % BARS_KEPT]!;
  }

  /** Takes over another history. */
  copy(other: BarHistory): void {
    this.count = other.count;
    for (let i = 0; i < BARS_KEPT; i++) this.#ring[i]!.copy(other.#ring[i]!);
  }
}
