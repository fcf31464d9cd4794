/**
 * `deno run -A lib/tools/build_kernels.ts`: compiles `lib/lstm/assembly/` to the two
 * committed builds of the kernels. The test beside it compares them with a new build.
 */
import asc from "assemblyscript/asc";
import type { KernelBuild } from "../lstm/lstm.ts";

/**
 * Compiles the kernels.
 *
 * @returns The WebAssembly module.
 * @throws {Error} If they do not compile, with the compiler's messages.
 */
export async function buildKernels(build: KernelBuild): Promise<Uint8Array> {
  const folder = new URL("../lstm/assembly/", import.meta.url);
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    "kernels.ts",
    ...["-O3", "--converge", "--noAssert", "--runtime", "stub"],
    ...["--importMemory", "--sharedMemory", "--enable", "threads"],
    ...["--initialMemory", "1", "--maximumMemory", "65536"],
    ...["--enable", "simd"],
    ...(build === "relaxed" ? ["--enable", "relaxed-simd"] : []),
    ...["--outFile", "kernels.wasm"],
  ], {
    readFile: (name) => {
      try {
        return Deno.readTextFileSync(new URL(name, folder));
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
    throw new Error(`Cannot compile the kernels: ${stderr.toString()}`);
  }
  return binary;
}

if (import.meta.main) {
  for (const build of ["relaxed", "simd"] as const) {
    await Deno.writeFile(
      new URL(`../lstm/kernels.${build}.wasm`, import.meta.url),
      await buildKernels(build),
    );
  }
}
