/** The tokenizers by their names. */

import { ChordTokenizer } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";

/** The tokenizer of a name. */
export function tokenizerFor(name: Tokenizer["name"]): Tokenizer {
  return name === "chord" ? new ChordTokenizer() : new RemiTokenizer();
}
