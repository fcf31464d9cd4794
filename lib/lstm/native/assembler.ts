/**
 * A small assembler for x86-64 with AVX2 and FMA, or AVX-512. It has only the
 * instructions that the kernels here use; see `encoding.ts` for their bytes.
 */
import {
  appendEvex,
  appendInt32,
  appendOperands,
  appendVex,
  type EvexOptions,
  type Instruction,
  type MemoryOperand,
  VECTOR,
  type VectorBytes,
  type VectorInstruction,
} from "./encoding.ts";

export type { MemoryOperand, VectorBytes, VectorInstruction };

/** General registers, without the stack pointer. */
export const R = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

/** A place in memory, see {@linkcode MemoryOperand}. */
export function at(base: number, displacement = 0): MemoryOperand {
  return { base, displacement };
}

/**
 * The addresses of a function's arguments: 64 bits each, in the order of `names`,
 * in the block whose address is the function's only parameter.
 */
export function argumentAt<Name extends string>(
  names: readonly Name[],
): (name: Name) => MemoryOperand {
  return (name) => at(R.rdi, 8 * names.indexOf(name));
}

/**
 * Code of a function `int f(const arguments *)` with the System V ABI; it returns
 * 0.
 *
 * @param saved Registers that the body uses and the function must restore.
 */
export function functionCode(
  vectorBytes: VectorBytes,
  saved: readonly number[],
  body: (asm: Assembler) => void,
): Uint8Array<ArrayBuffer> {
  const asm = new Assembler(vectorBytes);
  for (const register of saved) asm.push(register);
  body(asm);
  for (const register of saved.toReversed()) asm.pop(register);
  asm.zeroUpper();
  asm.clear(R.rax);
  asm.return();
  return asm.code();
}

/** Conditions of jumps, as numbered in the encoding; they compare unsigned numbers. */
export const CONDITION = {
  below: 2,
  aboveOrEqual: 3,
  equal: 4,
  notEqual: 5,
  above: 7,
  /** Compares signed numbers. */
  greater: 15,
} as const;

/** A target of jumps; jumps to it may be written before or after it is set. */
export class Label {
  position?: number;
  readonly uses: number[] = [];
}

/** The mask register that {@linkcode Assembler.storeMasked} fills. */
const EDGE = 1;

/** Collects machine code. */
export class Assembler {
  /** Bytes of the vectors: 32 with AVX2, 64 with AVX-512. */
  readonly vectorBytes: VectorBytes;
  readonly #bytes: number[] = [];

  constructor(vectorBytes: VectorBytes = 32) {
    this.vectorBytes = vectorBytes;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#bytes.length;
  }

  /** The code. All labels must have been set. */
  code(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  /** A vector instruction: `target = f(source, other)`. */
  vector(
    name: VectorInstruction,
    target: number,
    source: number,
    other: MemoryOperand | number,
  ): void {
    this.#whole(VECTOR[name], target, source, other);
  }

  /** An instruction on whole vectors, whichever size they have. */
  #whole(
    instruction: Instruction,
    register: number,
    source: number,
    other: MemoryOperand | number,
    options?: EvexOptions,
  ): void {
    if (this.vectorBytes === 32) {
      this.#vex(instruction, register, source, other);
    } else this.#evex(instruction, register, source, other, options);
  }

  #vex(
    instruction: Instruction,
    register: number,
    source: number,
    other: MemoryOperand | number,
    bits: 128 | 256 = 256,
  ): void {
    appendVex(this.#bytes, instruction, register, source, other, bits);
  }

  #evex(
    instruction: Instruction,
    register: number,
    source: number,
    other: MemoryOperand | number,
    options?: EvexOptions,
  ): void {
    appendEvex(this.#bytes, instruction, register, source, other, options);
  }

  /** Loads a vector. */
  load(target: number, from: MemoryOperand): void {
    this.vector("vmovups", target, 0, from);
  }

  /** Copies a vector register. */
  copy(target: number, from: number): void {
    this.vector("vmovups", target, 0, from);
  }

  /** Stores a vector. */
  store(to: MemoryOperand, from: number): void {
    this.#whole([1, 0, 0x11], from, 0, to);
  }

  /** Stores the floats for which a vector of masks has -1, not those with 0. */
  storeMasked(to: MemoryOperand, mask: number, from: number): void {
    if (this.vectorBytes === 32) {
      return this.#vex([2, 1, 0x2e], from, mask, to);
    }
    this.#evex([2, 1, 0x27], EDGE, mask, mask); // vptestmd
    this.#evex([1, 0, 0x11], from, 0, to, { mask: EDGE });
  }

  /** Stores the first four floats. */
  storeFour(to: MemoryOperand, from: number): void {
    this.#vex([1, 0, 0x11], from, 0, to, 128);
  }

  /** AVX2: stores the upper four floats. */
  storeUpperFour(to: MemoryOperand, from: number): void {
    this.#vex([3, 1, 0x19], from, 0, to);
    this.raw(1);
  }

  /** AVX2: copies the upper four floats to the lower four of another register. */
  upperFour(target: number, from: number): void {
    this.#vex([3, 1, 0x19], from, 0, target);
    this.raw(1);
  }

  /** Stores the first two floats, or the second two. */
  storeTwo(to: MemoryOperand, from: number, second: boolean): void {
    this.#vex([1, 0, second ? 0x17 : 0x13], from, 0, to, 128);
  }

  /** Loads eight floats into one of the first 16 registers; others become 0. */
  loadEight(target: number, from: MemoryOperand): void {
    this.#vex(VECTOR.vmovups, target, 0, from);
  }

  /** AVX-512: loads the upper eight floats. */
  loadUpperEight(target: number, from: MemoryOperand): void {
    this.#evex([3, 1, 0x1a, 1], target, target, from, { unit: 32 });
    this.raw(1);
  }

  /** AVX-512: target = lanes of four floats: two of `a`, then two of `b`. */
  lanes(target: number, a: number, b: number, which: "even" | "odd"): void {
    this.#evex([3, 1, 0x23], target, a, b); // vshuff32x4
    this.raw(which === "even" ? 0x88 : 0xdd);
  }

  /** Loads one float into all places. */
  broadcast(target: number, from: MemoryOperand): void {
    this.#whole(VECTOR.vbroadcastss, target, 0, from, { unit: 4 });
  }

  /** AVX-512: target += source · one float in memory. */
  addMultiple(target: number, source: number, from: MemoryOperand): void {
    const options = { broadcast: true };
    this.#evex(VECTOR.vfmadd231ps, target, source, from, options);
  }

  /** Zeroes a vector register. */
  zero(target: number): void {
    // vxorps; AVX-512 without its extension DQ has only vpxord.
    const xor: Instruction = this.vectorBytes === 32
      ? [1, 0, 0x57]
      : [1, 1, 0xef];
    this.#whole(xor, target, target, target);
  }

  /** Shifts 32-bit integers left. */
  shiftLeft(target: number, source: number, bits: number): void {
    // The target stands where others have a source.
    this.#whole([1, 1, 0x72], 6, target, source);
    this.raw(bits);
  }

  /** Frees the upper halves of the vector registers, before returning. */
  zeroUpper(): void {
    this.raw(0xc5, 0xf8, 0x77);
  }

  #general(
    opcode: number[],
    register: number,
    other: MemoryOperand | number,
  ): void {
    const place = typeof other === "number" ? { base: other } : other;
    this.#bytes.push(
      0x48 | (register < 8 ? 0 : 4) |
        ((place.index ?? 0) < 8 ? 0 : 2) | (place.base < 8 ? 0 : 1),
      ...opcode,
    );
    appendOperands(this.#bytes, register, other);
  }

  /** target = 64 bits of a register or of memory. */
  move(target: number, from: MemoryOperand | number): void {
    this.#general([0x8b], target, from);
  }

  /** Writes 64 bits of a register to memory. */
  moveTo(to: MemoryOperand, from: number): void {
    this.#general([0x89], from, to);
  }

  /** target = an address. */
  address(target: number, of: MemoryOperand): void {
    this.#general([0x8d], target, of);
  }

  /** Prefetches a cache line for writing; an invalid address does no harm. */
  prefetch(of: MemoryOperand): void {
    this.#general([0x0f, 0x0d], 1, of);
  }

  /** Prefetches a cache line for reading, into all caches. */
  prefetchNear(of: MemoryOperand): void {
    this.#general([0x0f, 0x18], 1, of);
  }

  /** target += a register or memory. */
  add(target: number, other: MemoryOperand | number): void {
    this.#general([0x03], target, other);
  }

  /** target = 0. */
  clear(target: number): void {
    this.#general([0x33], target, target);
  }

  /** target += a constant. */
  addConstant(target: number, value: number): void {
    this.#general([0x81], 0, target);
    appendInt32(this.#bytes, value);
  }

  /** Compares a register with a constant. */
  compareConstant(register: number, value: number): void {
    this.#general([0x81], 7, register);
    appendInt32(this.#bytes, value);
  }

  /** Puts a register on the stack. */
  push(register: number): void {
    if (register >= 8) this.#bytes.push(0x41);
    this.#bytes.push(0x50 | (register & 7));
  }

  /** Takes a register from the stack. */
  pop(register: number): void {
    if (register >= 8) this.#bytes.push(0x41);
    this.#bytes.push(0x58 | (register & 7));
  }

  /** Returns to the caller. */
  return(): void {
    this.#bytes.push(0xc3);
  }

  /** Jumps always, or on a condition. */
  jump(to: Label, condition?: number): void {
    if (condition === undefined) this.#bytes.push(0xe9);
    else this.#bytes.push(0x0f, 0x80 | condition);
    to.uses.push(this.size);
    appendInt32(this.#bytes, 0);
    if (to.position !== undefined) this.#link(to);
  }

  /** Returns a new label set here, to jump back to. */
  here(): Label {
    return this.set(new Label());
  }

  /** Sets a label here. */
  set(label: Label): Label {
    label.position = this.size;
    this.#link(label);
    return label;
  }

  #link(label: Label): void {
    for (const use of label.uses) {
      const distance = label.position! - (use + 4);
      for (let i = 0; i < 4; i++) {
        this.#bytes[use + i] = (distance >> (8 * i)) & 255;
      }
    }
  }

  /** Writes bytes unchanged, for the few instructions used only once. */
  raw(...bytes: number[]): void {
    this.#bytes.push(...bytes);
  }
}
