/**
 * `deno run -A lib/tools/build_kernels.ts`: compiles the AssemblyScript of the rooms to
 * the committed builds. The test beside it compares them with new builds.
 */
import asc from "assemblyscript/asc";

/** Flags of the kernels of training, which threads share memory for. */
const TRAINING = [
  ...["--importMemory", "--sharedMemory", "--enable", "threads"],
  ...["--initialMemory", "1", "--maximumMemory", "65536"],
  ...["--enable", "simd"],
];
/** Flags of kernels with a memory of their own, which grows. */
const OWN_MEMORY = ["--initialMemory", "16"];

/** The builds, by their paths in `lib/`: what they are compiled from, and how. */
const BUILDS = {
  "lstm/kernels.relaxed.wasm": {
    source: "lstm/assembly/kernels.ts",
    flags: [...TRAINING, "--enable", "relaxed-simd"],
  },
  "lstm/kernels.simd.wasm": {
    source: "lstm/assembly/kernels.ts",
    flags: TRAINING,
  },
  "music/notes.wasm": {
    source: "music/assembly/notes.ts",
    flags: OWN_MEMORY,
  },
  "midi/reader.wasm": {
    source: "midi/assembly/reader.ts",
    flags: OWN_MEMORY,
  },
  "corpus/piece.wasm": {
    source: "corpus/assembly/piece.ts",
    flags: OWN_MEMORY,
  },
  "tokens/remi/writer.wasm": {
    source: "tokens/remi/assembly/writer.ts",
    flags: OWN_MEMORY,
  },
} as const;

/** A build that is committed. */
export type Build = keyof typeof BUILDS;

/** All builds that are committed. */
export const ALL_BUILDS = Object.keys(BUILDS) as Build[];

/** Where a build is. */
export function urlOf(build: Build): URL {
  return new URL(build, LIB);
}

const LIB = new URL("../", import.meta.url);

/**
 * Compiles kernels.
 *
 * @returns The WebAssembly module.
 * @throws {Error} If they do not compile, with the compiler's messages.
 */
export async function buildKernels(build: Build): Promise<Uint8Array> {
  const { source, flags } = BUILDS[build];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    source,
    ...["-O3", "--converge", "--noAssert", "--runtime", "stub"],
    ...flags,
    ...["--outFile", "kernels.wasm"],
  ], {
    readFile: (name) => {
      try {
        return Deno.readTextFileSync(new URL(name, LIB));
      } catch {
        return null; // the compiler tries several names
      }
    },
    writeFile: (_name, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) {
    throw new Error(`Cannot compile ${source}: ${stderr.toString()}`);
  }
  return binary;
}

if (import.meta.main) {
  for (const build of ALL_BUILDS) {
    await Deno.writeFile(urlOf(build), await buildKernels(build));
  }
}
