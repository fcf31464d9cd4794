/** Music of more than is worked on: a limit that no real file meets. */

/** More bars, cuts or tracks than are worked on, so that no file takes hours. */
export class LimitError extends RangeError {
  /** The class of the error. */
  override readonly name = "LimitError";

  /**
   * Makes an error.
   *
   * @param task What cannot be done, such as "read chords".
   * @param reason What is too much, the same words for every file, without a
   * full stop.
   * @param detail The number and its limit, and what to do, for the message.
   */
  constructor(task: string, readonly reason: string, detail: string) {
    super(`Cannot ${task}: ${reason} (${detail}).`);
  }
}
