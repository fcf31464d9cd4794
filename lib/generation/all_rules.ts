/** Several rules as one. */

import type { RemiGrammar } from "../tokens/remi/remi.ts";
import type { SamplingRule } from "./sampling_rule.ts";

/** All of some rules, one after the other. */
export class AllRules implements SamplingRule {
  readonly #rules: readonly SamplingRule[];

  constructor(rules: readonly SamplingRule[]) {
    this.#rules = rules;
  }

  // By index: `for … of` in functions this rarely called allocates, which a long
  // stream cannot afford; see docs/experiments/stream_memory.md.

  begin(atSteps: number): void {
    for (let i = 0; i < this.#rules.length; i++) this.#rules[i]!.begin(atSteps);
  }

  restart(): void {
    for (let i = 0; i < this.#rules.length; i++) this.#rules[i]!.restart();
  }

  push(id: number, atSteps: number): void {
    for (let i = 0; i < this.#rules.length; i++) {
      this.#rules[i]!.push(id, atSteps);
    }
  }

  restrict(mask: Uint8Array, grammar: RemiGrammar, sectionStart: number): void {
    for (let i = 0; i < this.#rules.length; i++) {
      this.#rules[i]!.restrict(mask, grammar, sectionStart);
    }
  }

  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void {
    for (let i = 0; i < this.#rules.length; i++) {
      this.#rules[i]!.bias(bias, grammar, sectionStart);
    }
  }

  needs(position: number): boolean {
    return this.#rules.some((rule) => rule.needs(position));
  }

  mayPlay(program: number, position: number, barSteps: number): boolean {
    return this.#rules.every((rule) =>
      rule.mayPlay(program, position, barSteps)
    );
  }
}
