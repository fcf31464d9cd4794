/** Chooses how a model's inputs are made. */

import type { Config } from "../base/base.ts";
import type { RemiOptions } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { ContextInput } from "./context_input.ts";
import { IdInput } from "./id_input.ts";
import type { ModelInput } from "./input.ts";

/** The properties of a model that its inputs depend on. */
export interface InputSource {
  /** The configuration of its run. */
  readonly config: Pick<Config, "input">;
  /** Which alphabet its tokens are of. */
  readonly tokenizer: "chord" | "remi";
  /** Settings of the tokenizer. */
  readonly tokenizerOptions?: RemiOptions;
  /** Its tokens. */
  readonly vocabulary: Vocabulary;
}

/**
 * The inputs of a model.
 *
 * @throws {RangeError} If chord tokens are to be shown with their context.
 */
export function modelInput(source: InputSource): ModelInput {
  const { config, tokenizer, vocabulary, tokenizerOptions } = source;
  if (config.input !== "context") return new IdInput(source);
  if (tokenizer === "remi") {
    return new ContextInput(vocabulary, tokenizerOptions);
  }
  throw new RangeError(
    `Cannot make the input "context": it needs REMI tokens, current value is ${tokenizer}. Set the input to "attributes".`,
  );
}
