/** Chooses between machine code for AVX2 and for AVX-512 by a short measurement. */
import { START } from "../kernels.ts";
import type { MachineCode } from "./machine.ts";
import { NativeProducts } from "./products.ts";

/** Turns of each, of which the best counts: a system may interrupt some. */
const TURNS = 3;
/** How long a turn is. A processor needs some of it to change its clock. */
const MILLISECONDS = 0.7;
/** A product of a time step: 32 sequences, 128 units with four gates each. */
const [M, N, K] = [32, 512, 128];
/** Addresses. */
const A = 0x10000, B = 0x20000, C = 0x80000, PACKED_A = 0xa0000;
const SCRATCH = 0xb0000, PAGES = 12;

/**
 * The machine code whose product is faster; some processors run AVX-512 at a lower
 * clock, and some do it by halves. It takes about five milliseconds.
 */
export function faster(one: MachineCode, other: MachineCode): MachineCode {
  const memory = new WebAssembly.Memory({
    initial: PAGES,
    maximum: PAGES,
    shared: true,
  });
  new Float32Array(memory.buffer, 0, PACKED_A / 4).fill(0.5);
  const [first, second] = [one, other].map((code) => {
    const products = new NativeProducts(code, memory, PACKED_A, SCRATCH);
    return { code, products, best: 0 };
  }) as [Contestant, Contestant];
  // Each begins where the other one's use of the processor has just ended, but for
  // the first turn of the first.
  for (let turn = 0; turn < TURNS; turn++) {
    for (const contestant of [first, second]) takeTurn(contestant);
  }
  return first.best >= second.best ? first.code : second.code;
}

interface Contestant {
  readonly code: MachineCode;
  readonly products: NativeProducts;
  /** Most products in a millisecond of a turn. */
  best: number;
}

function takeTurn(contestant: Contestant): void {
  const product = { m: M, n: N, k: K, a: A, b: B, c: C, start: START.zero };
  const begun = performance.now();
  let count = 0, milliseconds = 0;
  while (milliseconds < MILLISECONDS) {
    contestant.products.multiply(product);
    count++;
    milliseconds = performance.now() - begun;
  }
  contestant.best = Math.max(contestant.best, count / milliseconds);
}
