/** Installs all machine code of the project where it can be executed. */
import type { VectorBytes } from "./assembler.ts";
import { backwardCode, forwardCode } from "./cells.ts";
import { faster } from "./faster.ts";
import { install, type MachineCode, vectorsHere } from "./machine.ts";
import { packingCode } from "./packing.ts";
import { productCode } from "./product.ts";
import { rowProductCode, rowSumCode } from "./rows.ts";
import { AVX2_TILE } from "./tile.ts";
import { AVX512_TILE } from "./wide_tile.ts";

/** The vectors of machine code. */
export type Vectors = "AVX2" | "AVX-512";

/** Machine code for each kind of vectors that there are here. */
interface Installed {
  readonly codes: Partial<Record<Vectors, MachineCode>>;
  /** Those whose product is the fastest. */
  readonly fastest?: Vectors;
  /** Why there is none, as half a sentence. */
  readonly reason?: string;
}

let installed: Installed | undefined;

/** Installs the machine code, once per process, and chooses among it. */
function installOnce(): Installed {
  if (installed) return installed;
  const here = vectorsHere();
  if ("whyNone" in here) return installed = { codes: {}, reason: here.whyNone };
  // Memory limits these: the same for all vectors.
  const narrowOnly = {
    packBAndSum: install(packingCode()),
    rowProduct: install(rowProductCode()),
    rowSum: install(rowSumCode()),
  };
  const codeFor = (vectorBytes: VectorBytes): MachineCode => ({
    vectorBytes,
    product: install(
      productCode(vectorBytes === 32 ? AVX2_TILE : AVX512_TILE),
    ),
    ...narrowOnly,
    lstmForward: install(forwardCode(vectorBytes)),
    lstmBackward: install(backwardCode(vectorBytes)),
  });
  const narrow = codeFor(32);
  if (here.widest === 32) {
    return installed = { codes: { AVX2: narrow }, fastest: "AVX2" };
  }
  const wide = codeFor(64);
  return installed = {
    codes: { AVX2: narrow, "AVX-512": wide },
    fastest: faster(narrow, wide) === wide ? "AVX-512" : "AVX2",
  };
}

/**
 * The machine code, the same for a whole process.
 *
 * @param vectors Its vectors; by default those that are the fastest.
 * @returns The code, or why it cannot run here, as half a sentence.
 */
export function machineCode(
  vectors?: Vectors,
): { code?: MachineCode; reason?: string } {
  const { codes, fastest, reason } = installOnce();
  if (reason !== undefined) return { reason };
  const code = codes[vectors ?? fastest!];
  return code ? { code } : { reason: `the processor lacks ${vectors}` };
}

/** Whether there is machine code with such vectors here, fastest or not. */
export function hasVectors(vectors: Vectors): boolean {
  return installOnce().codes[vectors] !== undefined;
}

/** Why machine code cannot run here, as half a sentence; undefined if it can. */
export function whyNoMachineCode(): string | undefined {
  return installOnce().reason;
}

/** Which vectors the machine code here has, and which were slower. */
export function vectorsInUse(): string {
  const { codes, fastest } = installOnce();
  return fastest === "AVX2" && codes["AVX-512"]
    ? "AVX2 (measured to be faster than AVX-512)"
    : fastest ?? "none";
}
