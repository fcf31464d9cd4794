// deno-lint-ignore-file no-console -- a program
/**
 * `deno task setup:tensorflow [--gpu]`: brings TensorFlow into `.tensorflow/`, for
 * the engine of that name. The library is that of the wheel on PyPI; the addon
 * through which Deno calls it is compiled from the sources of tfjs-node-gpu, whose
 * own installer brings a library of 2022. What is there already is kept.
 */

import { join } from "@std/path";
import {
  PROJECT_FOLDER,
  takeLock,
  TENSORFLOW_FOLDER,
  writeFileAtomically,
} from "../base/base.ts";
import { readTask, SETUP_TENSORFLOW } from "../tasks/tasks.ts";
import { findPython, runOrExplain, SetupError } from "./setup.ts";

const VERSION = "2.21.0";
const TOOLS_FOLDER = join(PROJECT_FOLDER, "lib", "tools");
/** The packages that the addon is compiled from. */
const PACKAGES = {
  dependencies: {
    "@tensorflow/tfjs-node-gpu": "4.22.0",
    "node-api-headers": "1.9.0",
  },
  // Its JavaScript needs 300 MB of TensorFlow.js; its C++ does not.
  overrides: { "@tensorflow/tfjs": "npm:node-api-headers@1.9.0" },
};
/** SHA-256 of the addon's sources, one file after the other. */
const SOURCES =
  "c37c7f0de266f5415a296c4008faa5807b92788e00bc3ff2c69c84860747756e";
/** The compiler where the machine has none, of 101 MB. */
const ZIG = "ziglang==0.17.1";
/** Of all wheels, and of what is kept of them; those for Linux on x86-64. */
const SIZES = {
  cpu: "274 MB to download, 0.9 GB on the disk",
  gpu: "3.4 GB to download, 6.3 GB on the disk",
} as const;

/** Which library: of the CPU alone, or with CUDA. */
export type TensorFlowDevice = keyof typeof SIZES;

/**
 * Why TensorFlow cannot be set up on a machine.
 *
 * @param os As `Deno.build.os` names it.
 * @param arch As `Deno.build.arch` names it.
 * @returns A sentence; undefined if it can be.
 */
export function whyNoTensorFlow(
  os: string,
  arch: string,
  device: TensorFlowDevice,
): string | undefined {
  const here = `${os} on ${arch}`;
  if (os === "windows") {
    return `Cannot set up TensorFlow on ${here}: its library for Windows cannot be linked to. Use the engine auto, or run the project in WSL 2, where this command works.`;
  }
  const isKnown = os === "linux" || os === "darwin" && arch === "aarch64";
  if (!isKnown) {
    return `Cannot set up TensorFlow on ${here}: there is no wheel of TensorFlow ${VERSION} for it. Use the engine auto.`;
  }
  if (device === "gpu" && (os !== "linux" || arch !== "x86_64")) {
    return `Cannot set up TensorFlow with CUDA on ${here}: it is there for Linux on x86-64 only. Leave out --gpu to set it up for the CPU.`;
  }
  return undefined;
}

/**
 * Sets TensorFlow up.
 *
 * @param report Called with a line before each step that takes time.
 * @throws {SetupError} If the machine cannot have it, or a step failed. What is
 * downloaded already is kept for the next try.
 */
export async function setUpTensorFlow(
  device: TensorFlowDevice,
  report: (line: string) => void,
): Promise<void> {
  const fault = whyNoTensorFlow(Deno.build.os, Deno.build.arch, device);
  if (fault) throw new SetupError(fault);
  using _lock = await takeLock(join(TENSORFLOW_FOLDER, ".lock"), {
    task: "set up TensorFlow",
    advice: "Wait until it is done.",
  });
  const list = device === "gpu"
    ? "requirements-tensorflow-gpu.txt"
    : "requirements-tensorflow.txt";
  const requirements = await Deno.readTextFile(join(TOOLS_FOLDER, list));
  const stamp = JSON.stringify({
    ...{ version: VERSION, device },
    from: await digest(new TextEncoder().encode(requirements + SOURCES)),
  });
  const stampFile = place("installed.json");
  if (await readOrEmpty(stampFile) === stamp) {
    return report(
      `TensorFlow ${VERSION} is set up in .tensorflow (${device}). Train with --engine tensorflow.`,
    );
  }
  await Deno.remove(stampFile).catch(() => {});
  const python = await privatePython();
  report(
    `Downloading TensorFlow ${VERSION} (${device}) from PyPI: ${
      SIZES[device]
    }, in .tensorflow …`,
  );
  await download(python, list);
  report("Unpacking its library …");
  await unpack(python);
  report("Compiling the addon of tfjs-node-gpu …");
  await compile(python);
  report("Loading it …");
  const { version, isGpu } = await load();
  await writeFileAtomically(stampFile, stamp);
  for (const folder of ["wheels", "sources"]) {
    await Deno.remove(place(folder), { recursive: true }).catch(() => {});
  }
  report(
    `TensorFlow ${version} is set up and computes on the ${
      isGpu ? "GPU" : "CPU"
    }. Train with --engine tensorflow.`,
  );
  if (device === "gpu" && !isGpu) {
    report(
      "It found no NVIDIA GPU: is its driver installed, and does nvidia-smi list it?",
    );
  }
}

const place = (...names: string[]) => join(TENSORFLOW_FOLDER, ...names);

/** A Python with pip, whatever the system's lacks or forbids. */
async function privatePython(): Promise<string> {
  const python = place("python", "bin", "python");
  if (!await succeeds(python, ["-m", "pip", "--version"])) {
    const system = await findPython();
    const args = ["-m", "venv", "--clear", place("python")];
    await runOrExplain(system, args, "make .tensorflow/python");
  }
  return python;
}

/** Downloads the wheels, checked by their digests; those that are there are kept. */
async function download(python: string, list: string): Promise<void> {
  const { os, arch } = Deno.build;
  const platforms = os === "darwin"
    ? ["macosx_12_0_arm64"]
    : ["manylinux_2_27", "manylinux_2_18", "manylinux_2_17", "manylinux2014"]
      .map((glibc) => `${glibc}_${arch}`);
  await runOrExplain(python, [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check"],
    ...["--no-input", "--no-deps", "--require-hashes", "--only-binary=:all:"],
    // Which Python does not matter: its modules are not unpacked.
    ...["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"],
    ...platforms.flatMap((platform) => ["--platform", platform]),
    ...["--dest", place("wheels"), "--requirement", join(TOOLS_FOLDER, list)],
  ], "download TensorFlow; run the command again to go on");
}

/** Unpacks the libraries and the headers of the C API. */
async function unpack(python: string): Promise<void> {
  await runOrExplain(python, [
    "-c",
    `
import pathlib, sys, zipfile
wanted = ("tensorflow/libtensorflow_", "tensorflow/include/tensorflow/c/",
          "tensorflow/include/tensorflow/core/platform/ctstring",
          "tensorflow/include/tsl/platform/ctstring",
          "tensorflow/include/xla/tsl/c/", "nvidia/")
to = pathlib.Path(sys.argv[1])
for wheel in sorted((to / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(to, [name for name in archive.namelist() if name.startswith(wanted)])
`,
    TENSORFLOW_FOLDER,
  ], "unpack TensorFlow; is the disk full?");
}

/** Compiles the addon, with the machine's compiler or one from PyPI. */
async function compile(python: string): Promise<void> {
  const sources = place("sources");
  await Deno.mkdir(sources, { recursive: true });
  await Deno.writeTextFile(
    join(sources, "deno.json"),
    `{"nodeModulesDir":"manual"}`,
  );
  await Deno.writeTextFile(
    join(sources, "package.json"),
    JSON.stringify(PACKAGES),
  );
  // Without --allow-scripts, so the package's own installer does not run.
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    ...{ args: ["install", "--quiet"], cwd: sources, stdout: "null" },
  }).output();
  if (!success) {
    throw new SetupError(
      `Cannot download tfjs-node-gpu: ${
        new TextDecoder().decode(stderr).trim()
      }`,
    );
  }
  const modules = join(sources, "node_modules");
  const addon = join(modules, "@tensorflow", "tfjs-node-gpu");
  await checkSources(join(addon, "binding"));
  const [compiler, ...first] = await compilerCommand(python);
  const library = (name: string) =>
    place(
      "tensorflow",
      Deno.build.os === "darwin" ? `${name}.2.dylib` : `${name}.so.2`,
    );
  const linking = Deno.build.os === "darwin"
    ? ["-undefined", "dynamic_lookup", "-Wl,-rpath,@loader_path/tensorflow"]
    : ["-Wl,-rpath,$ORIGIN/tensorflow"];
  await runOrExplain(compiler!, [
    ...first,
    ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
    ...[addon, join(modules, "node-api-headers", "include")].map((folder) =>
      `-I${folder}`
    ),
    `-I${place("tensorflow", "include")}`,
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) =>
      join(addon, "binding", file)
    ),
    ...["libtensorflow_cc", "libtensorflow_framework"].map(library),
    ...linking,
    ...["-o", place("tfjs_binding.node")],
  ], "compile the addon of tfjs-node-gpu");
}

/** Compares the addon's sources with those that this was written for. */
async function checkSources(folder: string): Promise<void> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  const texts = names.map((name) => Deno.readTextFileSync(join(folder, name)));
  const found = await digest(new TextEncoder().encode(texts.join("")));
  if (found === SOURCES) return;
  throw new SetupError(
    `Cannot compile the addon of tfjs-node-gpu: the SHA-256 of its sources must be ${SOURCES}, current value is ${found}. Was the download altered on its way?`,
  );
}

/** A C++ compiler: that of CXX, or of the machine, or else zig's. */
async function compilerCommand(python: string): Promise<string[]> {
  const wish = Deno.env.get("CXX");
  if (wish) return wish.split(" ");
  for (const name of ["g++", "c++", "clang++"]) {
    if (await succeeds(name, ["--version"])) return [name];
  }
  await runOrExplain(python, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ZIG,
  ], "install a compiler (ziglang); install g++, or name one in CXX");
  return [python, "-m", "ziglang", "c++"];
}

/** Loads the addon in a process of its own; returns what it tells of itself. */
async function load(): Promise<{ version: string; isGpu: boolean }> {
  const code = `
import { createRequire } from "node:module";
const addon = createRequire(import.meta.url)(${
    JSON.stringify(place("tfjs_binding.node"))
  });
console.log(JSON.stringify({
  version: addon.TF_Version,
  isGpu: addon.isUsingGpuDevice(),
}));`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    env: { TF_CPP_MIN_LOG_LEVEL: "2", TF_FORCE_GPU_ALLOW_GROWTH: "true" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return JSON.parse(decoder.decode(stdout));
  throw new SetupError(
    `Cannot load TensorFlow: ${
      decoder.decode(stderr).trim()
    }. It needs a system with glibc 2.27 or newer, and a CPU with AVX.`,
  );
}

/** SHA-256, in hexadecimal digits. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Whether a command is there and ends well. */
async function succeeds(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args }).output()).success;
  } catch {
    return false; // no such command
  }
}

async function readOrEmpty(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

if (import.meta.main) {
  const { options: { gpu } } = await readTask(SETUP_TENSORFLOW);
  try {
    await setUpTensorFlow(gpu ? "gpu" : "cpu", console.log);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
