/** A prompt that cannot be followed. The message is a sentence for its writer. */
export class PromptError extends Error {
  /** Its class. */
  override readonly name = "PromptError";

  /**
   * Makes the sentence.
   *
   * @param phrase The words at fault, as written; "" if there is no single phrase.
   * @param reason What is wrong with them, and what to write instead.
   */
  constructor(readonly phrase: string, readonly reason: string) {
    super(`Cannot follow the prompt: ${reason}`);
  }
}
