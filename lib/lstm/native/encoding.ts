/**
 * How vector instructions of x86-64 are written as bytes: the prefixes VEX (AVX2)
 * and EVEX (AVX-512), as in Intel's "Software Developer's Manual", volume 2,
 * chapter 2. Register numbers are those of the encoding.
 */

/** A place in memory: base + index·scale + displacement, in bytes. */
export interface MemoryOperand {
  readonly base: number;
  readonly index?: number;
  readonly scale?: 1 | 2 | 4 | 8;
  readonly displacement?: number;
}

/** Bytes of a vector register: of AVX2 or of AVX-512. */
export type VectorBytes = 32 | 64;

/** An instruction: opcode map, mandatory prefix, opcode, and bit W of EVEX. */
export type Instruction = readonly [
  map: number,
  prefix: number,
  opcode: number,
  wide?: 0 | 1,
];

/** The vector instructions `target = f(source, other)`. */
export const VECTOR = {
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
  vunpckhpd: [1, 1, 0x15, 1],
  vunpckhps: [1, 0, 0x15],
  vunpcklpd: [1, 1, 0x14, 1],
  vunpcklps: [1, 0, 0x14],
} as const satisfies Record<string, Instruction>;

/** Instructions on whole vectors of floats. */
export type VectorInstruction = keyof typeof VECTOR;

/**
 * Appends ModRM, SIB and displacement of a register and a place or register.
 *
 * @param unit What a short displacement counts: 1 byte, or with EVEX as many as
 * the instruction reads or writes.
 */
export function appendOperands(
  bytes: number[],
  register: number,
  other: MemoryOperand | number,
  unit = 1,
): void {
  const reg = (register & 7) << 3;
  if (typeof other === "number") {
    bytes.push(0xc0 | reg | (other & 7));
    return;
  }
  const { base, index, scale = 1, displacement = 0 } = other;
  const units = displacement / unit;
  const short = Number.isInteger(units) && units >= -128 && units < 128;
  const mode = short ? 0x40 : 0x80;
  // A base of rsp or r12 needs a SIB byte without an index.
  if (index !== undefined || (base & 7) === 4) {
    bytes.push(
      mode | reg | 4,
      Math.log2(scale) << 6 | ((index ?? 4) & 7) << 3 | (base & 7),
    );
  } else bytes.push(mode | reg | (base & 7));
  if (short) bytes.push(units & 255);
  else appendInt32(bytes, displacement);
}

/** Appends the four bytes of an integer. */
export function appendInt32(bytes: number[], value: number): void {
  for (let i = 0; i < 4; i++) bytes.push((value >> (8 * i)) & 255);
}

/**
 * Appends an instruction with the prefix VEX.
 *
 * @param source 0 where the instruction has none.
 */
export function appendVex(
  bytes: number[],
  [map, prefix, opcode]: Instruction,
  register: number,
  source: number,
  other: MemoryOperand | number,
  bits: 128 | 256 = 256,
): void {
  const base = typeof other === "number" ? other : other.base;
  const index = typeof other === "number" ? 0 : other.index ?? 0;
  bytes.push(
    0xc4,
    (register < 8 ? 0x80 : 0) | (index < 8 ? 0x40 : 0) |
      (base < 8 ? 0x20 : 0) | map,
    (~source & 15) << 3 | (bits === 256 ? 4 : 0) | prefix,
    opcode,
  );
  appendOperands(bytes, register, other);
}

/** What else the prefix EVEX says. */
export interface EvexOptions {
  /** Bytes that the instruction reads or writes in memory. @default 64 */
  readonly unit?: 4 | 32 | 64;
  /** The mask register whose bits choose what is written; 0 for all. @default 0 */
  readonly mask?: number;
  /** Whether the operand in memory is one float, used for all. @default false */
  readonly broadcast?: boolean;
}

const WHOLE: EvexOptions = {};

/** Appends an instruction with the prefix EVEX, of 512 bits; see {@linkcode appendVex}. */
export function appendEvex(
  bytes: number[],
  [map, prefix, opcode, wide = 0]: Instruction,
  register: number,
  source: number,
  other: MemoryOperand | number,
  { unit = 64, mask = 0, broadcast = false }: EvexOptions = WHOLE,
): void {
  const base = typeof other === "number" ? other : other.base;
  // The bit X extends an index by its bit 3, or another vector register by bit 4.
  const extended = typeof other === "number"
    ? other & 16
    : (other.index ?? 0) & 8;
  bytes.push(
    0x62,
    (register & 8 ? 0 : 0x80) | (extended ? 0 : 0x40) | (base & 8 ? 0 : 0x20) |
      (register & 16 ? 0 : 0x10) | map,
    wide << 7 | (~source & 15) << 3 | 4 | prefix,
    0x40 | (broadcast ? 0x10 : 0) | (source & 16 ? 0 : 8) | mask,
    opcode,
  );
  appendOperands(bytes, register, other, broadcast ? 4 : unit);
}
