/**
 * A small assembler for x86-64 with AVX2 and FMA. It has only the instructions
 * that the kernels here use, encoded as in Intel's "Software Developer's Manual",
 * volume 2, chapter 2. Register numbers are those of the encoding.
 */

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

/** A place in memory: base + index·scale + displacement, in bytes. */
export interface MemoryOperand {
  readonly base: number;
  readonly index?: number;
  readonly scale?: 1 | 2 | 4 | 8;
  readonly displacement?: number;
}

/** A place in memory, see {@linkcode MemoryOperand}. */
export function at(base: number, displacement = 0): MemoryOperand {
  return { base, displacement };
}

/** Bytes of a vector of eight floats. */
export const VECTOR_BYTES = 32;

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
  saved: readonly number[],
  body: (asm: Assembler) => void,
): Uint8Array<ArrayBuffer> {
  const asm = new Assembler();
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

/** The vector instructions: opcode map, mandatory prefix, opcode. */
const VECTOR = {
  vaddps: [1, 0, 0x58],
  vbroadcastss: [2, 1, 0x18],
  vdivps: [1, 0, 0x5e],
  vfmadd213ps: [2, 1, 0xa8],
  vfmadd231ps: [2, 1, 0xb8],
  vmaxps: [1, 0, 0x5f],
  vminps: [1, 0, 0x5d],
  vmovups: [1, 0, 0x10],
  vmulps: [1, 0, 0x59],
  vpaddd: [1, 1, 0xfe],
  vsubps: [1, 0, 0x5c],
  vunpckhpd: [1, 1, 0x15],
  vunpckhps: [1, 0, 0x15],
  vunpcklpd: [1, 1, 0x14],
  vunpcklps: [1, 0, 0x14],
  vxorps: [1, 0, 0x57],
} as const;

/** Instructions on whole vectors of eight floats. */
export type VectorInstruction = keyof typeof VECTOR;

/** Collects machine code. */
export class Assembler {
  readonly #bytes: number[] = [];

  /** Bytes so far. */
  get size(): number {
    return this.#bytes.length;
  }

  /** The code. All labels must have been set. */
  code(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  #int32(value: number): void {
    for (let i = 0; i < 4; i++) this.#bytes.push((value >> (8 * i)) & 255);
  }

  /** ModRM, SIB and displacement of a register and a place or register. */
  #operands(register: number, other: MemoryOperand | number): void {
    const reg = (register & 7) << 3;
    if (typeof other === "number") {
      this.#bytes.push(0xc0 | reg | (other & 7));
      return;
    }
    const { base, index, scale = 1, displacement = 0 } = other;
    const short = displacement >= -128 && displacement < 128;
    const mode = short ? 0x40 : 0x80;
    // A base of rsp or r12 needs a SIB byte without an index.
    if (index !== undefined || (base & 7) === 4) {
      this.#bytes.push(
        mode | reg | 4,
        Math.log2(scale) << 6 | ((index ?? 4) & 7) << 3 | (base & 7),
      );
    } else this.#bytes.push(mode | reg | (base & 7));
    if (short) this.#bytes.push(displacement & 255);
    else this.#int32(displacement);
  }

  /** A vector instruction of 256 bits: `target = f(source, other)`. */
  vector(
    name: VectorInstruction,
    target: number,
    source: number,
    other: MemoryOperand | number,
  ): void {
    const [map, prefix, opcode] = VECTOR[name];
    this.#vex(map, prefix, opcode, target, source, other);
  }

  #vex(
    map: number,
    prefix: number,
    opcode: number,
    register: number,
    source: number,
    other: MemoryOperand | number,
    bits: 128 | 256 = 256,
  ): void {
    const place = typeof other === "number" ? { base: other } : other;
    this.#bytes.push(
      0xc4,
      (register < 8 ? 0x80 : 0) | ((place.index ?? 0) < 8 ? 0x40 : 0) |
        (place.base < 8 ? 0x20 : 0) | map,
      (~source & 15) << 3 | (bits === 256 ? 4 : 0) | prefix,
      opcode,
    );
    this.#operands(register, other);
  }

  /** Loads eight floats. */
  load(target: number, from: MemoryOperand): void {
    this.vector("vmovups", target, 0, from);
  }

  /** Copies a vector register. */
  copy(target: number, from: number): void {
    this.vector("vmovups", target, 0, from);
  }

  /** Stores eight floats. */
  store(to: MemoryOperand, from: number): void {
    this.#vex(1, 0, 0x11, from, 0, to);
  }

  /** Stores the floats whose mask is set. */
  storeMasked(to: MemoryOperand, mask: number, from: number): void {
    this.#vex(2, 1, 0x2e, from, mask, to);
  }

  /** Stores the lower four floats. */
  storeFour(to: MemoryOperand, from: number): void {
    this.#vex(1, 0, 0x11, from, 0, to, 128);
  }

  /** Stores the upper four floats. */
  storeUpperFour(to: MemoryOperand, from: number): void {
    this.#vex(3, 1, 0x19, from, 0, to);
    this.#bytes.push(1);
  }

  /** Copies the upper four floats to the lower four of another register. */
  upperFour(target: number, from: number): void {
    this.#vex(3, 1, 0x19, from, 0, target);
    this.#bytes.push(1);
  }

  /** Stores the first two floats, or the second two. */
  storeTwo(to: MemoryOperand, from: number, second: boolean): void {
    this.#vex(1, 0, second ? 0x17 : 0x13, from, 0, to, 128);
  }

  /** Loads one float into all eight places. */
  broadcast(target: number, from: MemoryOperand): void {
    this.vector("vbroadcastss", target, 0, from);
  }

  /** Zeroes a vector register. */
  zero(target: number): void {
    this.vector("vxorps", target, target, target);
  }

  /** Shifts 32-bit integers left. */
  shiftLeft(target: number, source: number, bits: number): void {
    this.#vex(1, 1, 0x72, 6, target, source);
    this.#bytes.push(bits);
  }

  /** Frees the upper halves of the vector registers, before returning. */
  zeroUpper(): void {
    this.#bytes.push(0xc5, 0xf8, 0x77);
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
    this.#operands(register, other);
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
    this.#int32(value);
  }

  /** Compares a register with a constant. */
  compareConstant(register: number, value: number): void {
    this.#general([0x81], 7, register);
    this.#int32(value);
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
    this.#int32(0);
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
