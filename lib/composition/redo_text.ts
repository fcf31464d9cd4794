/** A text in words, from which phrases of one kind after the other are taken. */

import type { Understood } from "../prompt/prompt.ts";

/** A text of which phrases are taken, one kind after the other. */
export class RedoText {
  readonly understood: Understood[] = [];
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  /** What has not been taken. */
  get rest(): string {
    return this.#rest;
  }

  /** Takes the first match of an expression. */
  take(
    expression: RegExp,
    tell: (match: RegExpExecArray) => string,
  ): RegExpExecArray | undefined {
    const match = expression.exec(this.#rest);
    if (!match) return undefined;
    const end = match.index + match[0].length;
    this.understood.push({ phrase: match[0].trim(), meaning: tell(match) });
    this.#rest = `${this.#rest.slice(0, match.index)} ; ${
      this.#rest.slice(end)
    }`;
    return match;
  }
}

/** Source of an expression for what is between the first and the last of a range. */
export const TO: string =
  "\\s*(?:-|–|—|to|through|until|till|and|bis|und|à|a|al|et|y|hasta)\\s*";

/** Whole words, in any case. */
export function wordForm(source: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, "iu");
}
