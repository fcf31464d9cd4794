/**
 * Runs the project's machine code: copies it into executable memory and calls it.
 * This needs Linux, an x86-64 processor with AVX2 and FMA, and permission to call
 * foreign functions (`--allow-ffi`); AVX-512 is used where it is there and faster.
 */
import { argumentAt, Assembler, R, type VectorBytes } from "./assembler.ts";

const SYMBOLS = {
  mmap: {
    parameters: ["usize", "usize", "i32", "i32", "i32", "i64"],
    result: "pointer",
  },
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  bsearch: {
    parameters: ["pointer", "pointer", "usize", "usize", "pointer"],
    result: "void",
  },
} as const;

/** From the headers of Linux: page protections and mapping flags. */
const READ = 1, WRITE = 2, EXECUTE = 4, PRIVATE = 2, ANONYMOUS = 32;

let library: Deno.DynamicLibrary<typeof SYMBOLS> | undefined;

function libc() {
  return library ??= Deno.dlopen("libc.so.6", SYMBOLS);
}

/** Address of a function in memory that all threads of the process share. */
export type CodeAddress = bigint;

/** The functions, all for vectors of one size. */
export interface MachineCode {
  readonly vectorBytes: VectorBytes;
  readonly product: CodeAddress;
  readonly packBAndSum: CodeAddress;
  readonly lstmForward: CodeAddress;
  readonly lstmBackward: CodeAddress;
  readonly rowProduct: CodeAddress;
  readonly rowSum: CodeAddress;
}

/**
 * Copies code into executable memory, for as long as the process lives.
 *
 * @throws {Error} When the system gives no executable memory.
 */
export function install(code: Uint8Array): CodeAddress {
  const { mmap, mprotect } = libc().symbols;
  const pages = mmap(
    0n,
    BigInt(code.length),
    READ | WRITE,
    PRIVATE | ANONYMOUS,
    -1,
    0n,
  );
  const address = Deno.UnsafePointer.value(pages);
  if (pages === null || address === 2n ** 64n - 1n) {
    throw new Error("the system gave no memory for it");
  }
  const view = Deno.UnsafePointerView.getArrayBuffer(pages, code.length);
  new Uint8Array(view).set(code);
  // Never writable and executable at once: hardened systems refuse that.
  if (mprotect(pages, BigInt(code.length), READ | EXECUTE) !== 0) {
    throw new Error("the system lets no memory be executed");
  }
  return BigInt(address);
}

/**
 * The arguments of installed code, in a memory: 64 bits each. The first, `base`,
 * is the memory's address; the others are offsets from it. Setting one writes the
 * lower 32 bits; the upper ones stay 0.
 */
export class ArgumentBlock<Name extends string> {
  readonly words: Uint32Array;
  /** Index of an argument in {@linkcode words}. */
  readonly word: Readonly<Record<Name, number>>;
  readonly #address: bigint;

  constructor(
    names: readonly Name[],
    memory: WebAssembly.Memory,
    offset: number,
  ) {
    const start = Deno.UnsafePointer.of(new Uint8Array(memory.buffer));
    const base = BigInt(Deno.UnsafePointer.value(start));
    this.#address = base + BigInt(offset);
    this.words = new Uint32Array(memory.buffer, offset, 2 * names.length);
    this.words.fill(0);
    new BigUint64Array(memory.buffer, offset, 1)[0] = base;
    this.word = Object.fromEntries(
      names.map((name, i) => [name, 2 * i]),
    ) as Record<Name, number>;
  }

  /**
   * Calls code with the arguments. The code must return 0.
   *
   * The call goes through C's `bsearch` on one element, with the arguments as key
   * and the code as comparison: Deno calls a library's function many times faster
   * than a bare address.
   */
  caller(code: CodeAddress): () => void {
    const { bsearch } = libc().symbols;
    const pointer = Deno.UnsafePointer.create(code);
    const key = Deno.UnsafePointer.create(this.#address);
    return () => bsearch(key, key, 1n, 1n, pointer);
  }
}

/** Bits of `cpuid` for the processor features that the code needs. */
const FMA = 1 << 12, OSXSAVE = 1 << 27, AVX2 = 1 << 5, AVX512F = 1 << 16;
/** Bits of `xgetbv` for registers that the system saves: with AVX2, with AVX-512. */
const STATE_256 = 0x06, STATE_512 = 0xe6;

/**
 * The widest vectors that processor and system have, according to `cpuid`: 0
 * without AVX2 and FMA.
 */
function widestVectors(): VectorBytes | 0 {
  const names = ["base", "features", "moreFeatures", "state"] as const;
  const argument = argumentAt(names);
  const memory = new WebAssembly.Memory({
    initial: 1,
    maximum: 1,
    shared: true,
  });
  const answers = new ArgumentBlock(names, memory, 0);
  const answer = (name: typeof names[number]) =>
    answers.words[answers.word[name]];
  const ask = (emit: (asm: Assembler) => void) => {
    const asm = new Assembler();
    asm.push(R.rbx); // cpuid overwrites it, and the caller needs it unchanged
    emit(asm);
    asm.pop(R.rbx);
    asm.clear(R.rax);
    asm.return();
    answers.caller(install(asm.code()))();
  };
  ask((asm) => {
    asm.clear(R.rax);
    asm.addConstant(R.rax, 1);
    asm.raw(0x0f, 0xa2); // cpuid
    asm.moveTo(argument("features"), R.rcx);
    asm.clear(R.rax);
    asm.addConstant(R.rax, 7);
    asm.clear(R.rcx);
    asm.raw(0x0f, 0xa2);
    asm.moveTo(argument("moreFeatures"), R.rbx);
  });
  const features = answer("features")!;
  if (!(features & FMA && features & OSXSAVE)) return 0;
  const more = answer("moreFeatures")!;
  // cpuid has shown that xgetbv exists: ask which registers the system saves.
  ask((asm) => {
    asm.clear(R.rcx);
    asm.raw(0x0f, 0x01, 0xd0); // xgetbv
    asm.moveTo(argument("state"), R.rax);
  });
  const state = answer("state")!;
  if (!(more & AVX2) || (state & STATE_256) !== STATE_256) return 0;
  return more & AVX512F && (state & STATE_512) === STATE_512 ? 64 : 32;
}

/** Vectors that machine code can use here, or why there is none, as half a sentence. */
export function vectorsHere(): { widest: VectorBytes } | { whyNone: string } {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    const whyNone = `it is for Linux on x86-64, this is ${os} on ${arch}`;
    return { whyNone };
  }
  // Requesting the permission would make a notebook wait for an answer.
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    return { whyNone: "Deno may not call foreign functions (--allow-ffi)" };
  }
  try {
    const widest = widestVectors();
    if (widest === 0) return { whyNone: "the processor lacks AVX2 or FMA" };
    return { widest };
  } catch (error) {
    return { whyNone: (error as Error).message };
  }
}
