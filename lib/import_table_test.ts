/**
 * The order of the rooms of lib/: each imports only from rooms above it, so
 * that there are no circles and every module can be read without those below.
 */

import assert from "node:assert/strict";
import { extname, join, relative, resolve, SEPARATOR } from "@std/path";
import { PROJECT_FOLDER } from "./paths.ts";

const LIB = join(PROJECT_FOLDER, "lib");

/**
 * Rooms from the ground up. A room is a module, or several that belong
 * together; "lstm/" stands for all modules of a folder that are not named.
 */
const ROOMS: readonly (readonly string[])[] = [
  ["std_path"],
  ["config"],
  ["random"],
  ["paths"],
  ["note_sequence"],
  ["midi", "midi_bytes"],
  ["theory"],
  ["analysis", "bands"],
  ["quantize"],
  ["vocabulary"],
  [
    "chord_tokenizer",
    "chord_bars",
    "chord_instruments",
    "chord_reading",
    "chord_style",
  ],
  [
    "remi_tokenizer",
    "remi_decoder",
    "remi_tokens",
    "remi_grammar",
    "remi_constraints",
    "attributes",
    "augmentation",
    "heads",
    "tonic",
  ],
  ["corpus", "corpus/"],
  ["dataset"],
  ["frames"],
  ["lstm/"],
  ["engine"],
  ["model", "model_input"],
  ["checkpoint"],
  ["training"],
  ["piece_cache"],
  ["sampling"],
  ["prompt", "prompt/"],
  ["generation", "generation/"],
  ["arrangement", "arrangement/"],
  ["composition", "composition/"],
  ["synthesis", "synthesis/"],
  ["evaluation", "evaluation/"],
  ["plot", "plot/"],
  ["kernel/bootstrap"],
  ["notebook", "notebook/"],
  ["cli", "commands/", "bench/"],
  // Tools that work on the project and are no part of the music.
  ["lstm/build"],
  ["setup"],
  ["kernel/"],
  ["notebook_check", "gate"],
];

/** Index in ROOMS of the command line: from here on, programs. */
const PROGRAMS = ROOMS.findIndex((room) => room.includes("cli"));

interface Module {
  /** Such as "lstm/network". */
  readonly name: string;
  /** Without comments. */
  readonly code: string;
  /** What it imports, as written. */
  readonly imports: readonly string[];
}

async function modules(folder = LIB): Promise<Module[]> {
  const found: Module[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    // AssemblyScript, which only `lstm/build` knows.
    if (isDirectory && name !== "assembly") found.push(...await modules(path));
    if (extname(name) !== ".ts" || name.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(path);
    const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    found.push({
      name: moduleName(path),
      code,
      imports: [...code.matchAll(
        /(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/g,
      )].map(([, specifier]) => specifier),
    });
  }
  return found;
}

function moduleName(path: string): string {
  return relative(LIB, path).replaceAll(SEPARATOR, "/").replace(/\.ts$/, "");
}

/** Index of a module's room, -1 if it has none. */
function roomOf(name: string): number {
  const named = ROOMS.findIndex((room) => room.includes(name));
  if (named >= 0) return named;
  return ROOMS.findIndex((room) => room.includes(name.replace(/\/.*/, "/")));
}

const MODULES = await modules();

Deno.test("import table: every module has a room", () => {
  const homeless = MODULES.map(({ name }) => name)
    .filter((name) => roomOf(name) < 0);
  assert.deepEqual(homeless, []);
});

Deno.test("import table: a module imports only from rooms above its own", () => {
  const faults: string[] = [];
  for (const { name, imports } of MODULES) {
    for (const specifier of imports) {
      if (!specifier.startsWith(".")) continue;
      const target = moduleName(resolve(LIB, name, "..", specifier));
      if (roomOf(target) > roomOf(name)) {
        faults.push(`${name} imports ${target}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("import table: only rooms that compute know the tensor library", () => {
  const computing = ["model", "checkpoint", "training", "generation"];
  const faults = MODULES.filter(({ name, imports }) =>
    imports.some((specifier) => specifier.startsWith("@tensorflow/")) &&
    !computing.includes(name) && !/^(?:lstm|bench)\//.test(name)
  );
  assert.deepEqual(faults.map(({ name }) => name), []);
});

Deno.test("import table: reading files or corpora never loads the tensor library", () => {
  const byName = new Map(MODULES.map((module) => [module.name, module]));
  const reached = new Set<string>();
  const visit = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const specifier of byName.get(name)!.imports) {
      assert(!specifier.startsWith("@tensorflow/"), name);
      if (!specifier.startsWith(".")) continue;
      visit(moduleName(resolve(LIB, name, "..", specifier)));
    }
  };
  visit("corpus");
  visit("analysis");
  visit("plot");
  assert(reached.has("midi"));
});

Deno.test("import table: only corpus, checkpoint, paths and programs touch files", () => {
  const touches =
    /\bDeno\.(?:open|read|write|mkdir|make|remove|rename|copy|l?stat|realPath)|"node:fs/;
  const faults = MODULES.filter(({ name, code }) =>
    touches.test(code) && roomOf(name) < PROGRAMS &&
    !/^(?:corpus|checkpoint|paths)\b/.test(name)
  );
  assert.deepEqual(faults.map(({ name }) => name), []);
});

Deno.test("import table: only programs write to the console", () => {
  const faults = MODULES.filter(({ name, code }) =>
    /\bconsole\b/.test(code) && roomOf(name) < PROGRAMS
  );
  assert.deepEqual(faults.map(({ name }) => name), ["kernel/bootstrap"]);
});
