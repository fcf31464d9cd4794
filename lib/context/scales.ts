/** Which diatonic scales the notes so far fit best. */

/** Semitones of a major scale; its rotations are the church modes. */
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
/** By tonic: the major scale's pitch classes, a bit for each. */
const SCALES = Array.from(
  { length: 12 },
  (_, tonic) => MAJOR.reduce((bits, s) => bits | 1 << (tonic + s) % 12, 0),
);
/** Share of the notes by which a scale may fit less than the best and still count. */
const TOLERANCE = 0.02;

/** The scales that fit. */
export class Scales {
  /** Scales that fit best, a bit for each by its major tonic. */
  best = 0;
  readonly #shares = new Uint8Array(12);
  readonly #fits = new Float64Array(12);

  /**
   * Compares the scales.
   *
   * @param notes By pitch class.
   * @param expected Scales to choose from as long as they fit as well as any.
   */
  update(notes: Float64Array, expected: number): void {
    let highest = 0, all = 0;
    for (let pc = 0; pc < 12; pc++) all += notes[pc]!;
    for (let scale = 0; scale < 12; scale++) {
      let fit = 0;
      for (let pc = 0; pc < 12; pc++) {
        if (SCALES[scale]! >> pc & 1) fit += notes[pc]!;
      }
      this.#fits[scale] = fit;
      highest = Math.max(highest, fit);
    }
    let best = 0;
    for (let scale = 0; scale < 12; scale++) {
      if (this.#fits[scale]! >= highest - TOLERANCE * all) best |= 1 << scale;
    }
    this.best = best & expected ? best & expected : best;
    this.#count();
  }

  /** How many of the best scales have a pitch class: 0 none, 1, 2, 3 all. */
  shareClass(pc: number): number {
    return this.#shares[pc]!;
  }

  #count(): void {
    let scales = 0;
    for (let scale = 0; scale < 12; scale++) scales += this.best >> scale & 1;
    for (let pc = 0; pc < 12; pc++) {
      let having = 0;
      for (let scale = 0; scale < 12; scale++) {
        if (this.best >> scale & 1 && SCALES[scale]! >> pc & 1) having++;
      }
      this.#shares[pc] = having === 0
        ? 0
        : having === scales
        ? 3
        : 2 * having < scales
        ? 1
        : 2;
    }
  }

  /** Takes over what fits elsewhere. */
  copy(other: Scales): void {
    this.best = other.best;
    this.#shares.set(other.#shares);
  }
}
