import { ABSENT, PairTable } from "./pair_table.ts";

/** The state of the empty string. */
const ROOT = 0;

/**
 * The smallest automaton that accepts every substring of a text, built one symbol
 * at a time in amortised constant time (A. Blumer et al., "The smallest
 * automaton recognizing the subwords of a text", 1985).
 *
 * @example
 * ```ts
 * import { SuffixAutomaton } from "immersic/evaluation/suffix_automaton.ts";
 * const text = new SuffixAutomaton();
 * for (const symbol of [5, 6, 7, 5, 6]) text.push(symbol);
 * const { lengths, ends } = text.match([6, 7, 7, 5]);
 * console.assert([...lengths].join() === "1,2,1,2");
 * console.assert([...ends].join() === "1,2,2,3");
 * ```
 */
export class SuffixAutomaton {
  /** Symbols pushed so far. */
  size = 0;
  #last = ROOT;
  /** Length of the longest substring of each state. */
  readonly #length: number[] = [0];
  /** State of the longest suffix that also occurs elsewhere. */
  readonly #link: number[] = [ABSENT];
  /** Position of the last symbol of each state's first occurrence. */
  readonly #end: number[] = [ABSENT];
  /** (state, symbol) → edge. */
  readonly #edges = new PairTable();
  /** The state that each edge leads to. */
  readonly #target: number[] = [];
  /** The edges of each state as a linked list: its newest edge, … */
  readonly #newestEdge: number[] = [ABSENT];
  /** … and the edge before each edge. */
  readonly #edgeBefore: number[] = [];

  /** Adds a symbol, any 32-bit integer, to the end of the text. */
  push(symbol: number): void {
    const state = this.#newState(this.#length[this.#last]! + 1, this.size);
    let from = this.#last;
    while (from !== ABSENT && this.#step(from, symbol) === ABSENT) {
      this.#connect(from, symbol, state);
      from = this.#link[from]!;
    }
    this.#link[state] = from === ABSENT ? ROOT : this.#suffix(from, symbol);
    this.#last = state;
    this.size++;
  }

  /**
   * The longest substring of the text that ends at each symbol of a query.
   *
   * @returns For each symbol the length of that substring, and the position in
   *   the text of the last symbol of its first occurrence (−1 where length is 0).
   */
  match(query: ArrayLike<number>): { lengths: Int32Array; ends: Int32Array } {
    const lengths = new Int32Array(query.length);
    const ends = new Int32Array(query.length);
    let state = ROOT;
    let length = 0;
    for (let i = 0; i < query.length; i++) {
      while (state !== ROOT && this.#step(state, query[i]!) === ABSENT) {
        state = this.#link[state]!;
        length = this.#length[state]!;
      }
      const next = this.#step(state, query[i]!);
      if (next !== ABSENT) {
        state = next;
        length++;
      }
      lengths[i] = length;
      ends[i] = this.#end[state]!;
    }
    return { lengths, ends };
  }

  /** The state of the suffix `from` + `symbol`, split from a longer one's if needed. */
  #suffix(from: number, symbol: number): number {
    const target = this.#step(from, symbol);
    if (this.#length[target] === this.#length[from]! + 1) return target;
    const clone = this.#newState(this.#length[from]! + 1, this.#end[target]!);
    this.#link[clone] = this.#link[target]!;
    this.#link[target] = clone;
    let edge = this.#newestEdge[target]!;
    for (; edge !== ABSENT; edge = this.#edgeBefore[edge]!) {
      this.#connect(clone, this.#edges.second(edge), this.#target[edge]!);
    }
    let state = from;
    while (state !== ABSENT && this.#step(state, symbol) === target) {
      this.#target[this.#edges.find(state, symbol)] = clone;
      state = this.#link[state]!;
    }
    return clone;
  }

  #newState(length: number, end: number): number {
    this.#link.push(ABSENT);
    this.#end.push(end);
    this.#newestEdge.push(ABSENT);
    return this.#length.push(length) - 1;
  }

  #step(state: number, symbol: number): number {
    const edge = this.#edges.find(state, symbol);
    return edge === ABSENT ? ABSENT : this.#target[edge]!;
  }

  #connect(state: number, symbol: number, target: number): void {
    const edge = this.#edges.add(state, symbol);
    this.#target[edge] = target;
    this.#edgeBefore[edge] = this.#newestEdge[state]!;
    this.#newestEdge[state] = edge;
  }
}
