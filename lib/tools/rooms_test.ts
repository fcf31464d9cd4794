import assert from "node:assert/strict";
import {
  arrowsOf,
  behindFaces,
  circlesOf,
  fileArrowsOf,
  floorsOf,
  type Module,
  moduleOf,
  readModules,
  roomOf,
} from "./rooms.ts";

/** From the ground up: a room imports only from rooms above it in this list. */
const ROOMS = [
  "base",
  "music",
  "midi",
  "tokens/vocabulary",
  "tokens/chord",
  "tokens/remi",
  "corpus",
  "context",
  "lstm",
  "webgpu",
  "tensorflow",
  "engines",
  "model",
  "training",
  "exchange",
  "prompt",
  "generation",
  "arrangement",
  "composition",
  "synthesis",
  "evaluation",
  "plot",
  "files",
  "notebook",
  // From here on, programs.
  "tasks",
  "transcription",
  "bench",
  "commands",
  "tools",
  "kernel",
];
const isProgram = (name: string) =>
  ROOMS.indexOf(roomOf(name)) >= ROOMS.indexOf("tasks");

const MODULES = await readModules();

/** Every breach of the order: an unknown room, or an import that goes down. */
function breaches(modules: readonly Module[]): string[] {
  const homeless = modules.filter(({ name }) => !ROOMS.includes(roomOf(name)))
    .map(({ name }) => `${name} has no room`);
  const downward = modules.flatMap(({ name, imports }) =>
    imports.filter((target) =>
      ROOMS.indexOf(roomOf(target)) > ROOMS.indexOf(roomOf(name))
    ).map((target) => `${name} imports ${target}`)
  );
  return [...homeless, ...downward];
}

Deno.test("rooms: every folder has its place, and imports only from those above it", () => {
  assert.deepEqual(breaches(MODULES), []);
});

Deno.test("rooms: a breach of the order is found wherever it is planted", () => {
  const plant = (name: string, specifier: string) => [
    ...MODULES,
    moduleOf(name, `import { x } from "${specifier}";\n`),
  ];
  assert.deepEqual(breaches(plant("midi/x", "../model/model.ts")), [
    "midi/x imports model/model",
  ]);
  assert.deepEqual(breaches(plant("tokens/remi/x", "../../corpus/corpus.ts")), [
    "tokens/remi/x imports corpus/corpus",
  ]);
  assert.equal(
    breaches(plant("attic/x", "../base/base.ts"))[0],
    "attic/x has no room",
  );
  assert.deepEqual(behindFaces(plant("model/x", "../midi/cursor.ts")), [
    "model/x imports midi/cursor",
  ]);
  const circle = plant("music/x", "../midi/midi.ts");
  assert.deepEqual(circlesOf(arrowsOf(circle)), [["midi", "music"]]);
});

Deno.test("rooms: others import a room's face, which is named like the room, and nothing behind it", () => {
  assert.deepEqual(
    behindFaces(MODULES.filter(({ name }) => !name.endsWith("/testing"))),
    [],
  );
});

Deno.test("rooms: there is no circle, and there are few arrows", () => {
  const arrows = arrowsOf(MODULES);
  assert.deepEqual(circlesOf(arrows), []);
  assert.deepEqual(circlesOf(fileArrowsOf(MODULES)), []);
  // The threads of `evaluation` are told a vocabulary.
  assert.ok(arrows.length <= 137, `${arrows.length} arrows`);
});

Deno.test("rooms: no module has over 400 lines", () => {
  const long = MODULES.filter(({ lines }) => lines > 400)
    .map(({ name }) => name);
  assert.deepEqual(long, []);
});

Deno.test("rooms: only those that compute know the tensor library", () => {
  const computing = ["tensorflow", "model", "bench", "transcription"];
  const faults = MODULES.filter(({ name, specifiers }) =>
    specifiers.some((one) => one.startsWith("@tensorflow/")) &&
    !computing.includes(roomOf(name))
  );
  assert.deepEqual(faults.map(({ name }) => name), []);
});

Deno.test("rooms: reading files or corpora never loads the tensor library", () => {
  const byName = new Map(MODULES.map((module) => [module.name, module]));
  const reached = new Set<string>();
  const visit = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    const { specifiers, imports } = byName.get(name)!;
    assert(!specifiers.some((one) => one.startsWith("@tensorflow/")), name);
    imports.forEach(visit);
  };
  visit("corpus/corpus");
  visit("plot/plot");
  assert(reached.has("midi/midi"));
});

Deno.test("rooms: only corpus, checkpoints, paths and programs touch files", () => {
  const touches =
    /\bDeno\.(?:open|read|write|mkdir|make|remove|rename|copy|l?stat|realPath)|"node:fs/;
  const faults = MODULES.filter(({ name, code }) =>
    touches.test(code) && !isProgram(name) &&
    !/^(?:corpus\/|model\/checkpoint|base\/(?:lock|paths|scratch_file)$)/.test(
      name,
    )
  );
  assert.deepEqual(faults.map(({ name }) => name), []);
});

Deno.test("rooms: only programs write to the console", () => {
  const faults = MODULES.filter(({ name, code }) =>
    /\bconsole\b/.test(code) && !isProgram(name)
  );
  assert.deepEqual(faults.map(({ name }) => name), ["notebook/bootstrap"]);
});

Deno.test("floorsOf() counts the longest way to the ground, a circle as one", () => {
  const arrow = (way: string) => {
    const [from = "", to = ""] = way.split(">");
    return { from, to };
  };
  assert.equal(floorsOf(["a>b", "b>c", "a>c"].map(arrow)), 3);
  assert.equal(floorsOf(["a>b", "b>a", "b>c"].map(arrow)), 2);
});
