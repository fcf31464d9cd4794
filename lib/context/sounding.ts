/** The notes that sound, and which pitch classes do. */

/** Numbers of a sounding note: pitch, instrument and the step of its end. */
const FIELDS = 3;

/** The notes that sound at a step. */
export class Sounding {
  /** Notes that sound. */
  count = 0;
  #data = new Int32Array(FIELDS * 64);

  /** Pitch of sounding note `i`. */
  pitch(i: number): number {
    return this.#data[FIELDS * i]!;
  }

  /** Instrument of sounding note `i`. */
  instrument(i: number): number {
    return this.#data[FIELDS * i + 1]!;
  }

  /** Step at which sounding note `i` ends. */
  end(i: number): number {
    return this.#data[FIELDS * i + 2]!;
  }

  /** Adds a note; a note of one instrument and pitch is only extended. */
  add(pitch: number, instrument: number, end: number): void {
    const data = this.#data;
    for (let at = 0; at < FIELDS * this.count; at += FIELDS) {
      if (data[at] !== pitch || data[at + 1] !== instrument) continue;
      data[at + 2] = Math.max(data[at + 2]!, end);
      return;
    }
    const at = FIELDS * this.count++;
    if (at + FIELDS > data.length) {
      this.#data = new Int32Array(2 * data.length);
      this.#data.set(data);
    }
    this.#data[at] = pitch;
    this.#data[at + 1] = instrument;
    this.#data[at + 2] = end;
  }

  /** Removes the notes that end at or before a step. */
  advance(step: number): void {
    const data = this.#data;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const from = FIELDS * i, to = FIELDS * kept;
      if (data[from + 2]! <= step) continue;
      data[to] = data[from]!;
      data[to + 1] = data[from + 1]!;
      data[to + 2] = data[from + 2]!;
      kept++;
    }
    this.count = kept;
  }

  /** The lowest pitch that sounds; −1 in silence. */
  lowest(): number {
    let lowest = 128;
    for (let i = 0; i < this.count; i++) {
      lowest = Math.min(lowest, this.pitch(i));
    }
    return lowest === 128 ? -1 : lowest;
  }

  /** Takes over what sounds elsewhere. */
  copy(other: Sounding): void {
    this.count = other.count;
    if (this.#data.length < other.#data.length) {
      this.#data = new Int32Array(other.#data.length);
    }
    this.#data.set(other.#data);
  }
}
