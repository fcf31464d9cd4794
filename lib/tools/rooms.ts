// deno-lint-ignore-file no-console -- a program
/**
 * The rooms of `lib/`, which is to say its folders, and which imports which,
 * counted from the imports of the code. `deno run --allow-read
 * lib/tools/rooms.ts [FOLDER]` prints the figures for any such tree.
 */

import { extname, join, relative, resolve, SEPARATOR } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";

/** A file of TypeScript, tests aside. */
export interface Module {
  /** Its path without ending, such as "lstm/network". */
  readonly name: string;
  /** Without comments. */
  readonly code: string;
  readonly lines: number;
  /** What it imports, as written. */
  readonly specifiers: readonly string[];
  /** Names of the modules of the same tree that it imports. */
  readonly imports: readonly string[];
}

/** A room that imports another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Folders whose folders are rooms of their own. */
const WINGS = ["tokens"];

/**
 * A module read from its text.
 *
 * @param name Its path without ending, such as "lstm/network".
 */
export function moduleOf(name: string, text: string): Module {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const specifiers = [
    ...code.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/g),
  ].map(([, specifier = ""]) => specifier);
  const imports = specifiers
    .filter((one) => one.startsWith(".") && one.endsWith(".ts"))
    .map((one) =>
      relative("/", resolve("/", name, "..", one)).replaceAll(SEPARATOR, "/")
        .slice(0, -".ts".length)
    );
  return {
    name,
    code,
    lines: text.split("\n").length - 1,
    specifiers,
    imports,
  };
}

/** The modules below a folder, AssemblyScript and tests left out. */
export async function readModules(
  folder: string = join(PROJECT_FOLDER, "lib"),
  within = "",
): Promise<Module[]> {
  const modules: Module[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(join(folder, within))
  ) {
    if (isDirectory && name !== "assembly") {
      modules.push(...await readModules(folder, `${within}${name}/`));
    }
    if (extname(name) !== ".ts" || name.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(join(folder, within, name));
    modules.push(moduleOf(within + name.slice(0, -".ts".length), text));
  }
  return modules.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The room that a module is in, such as "lstm" or "tokens/remi". */
export function roomOf(name: string): string {
  const path = name.split("/");
  const depth = WINGS.includes(path[0] ?? "") && path.length > 2 ? 2 : 1;
  return path.slice(0, depth).join("/");
}

/** The one module of a room that others import: it is named like the room. */
export function faceOf(room: string): string {
  return `${room}/${room.split("/").at(-1)}`;
}

/** Which room imports which, each pair once. */
export function arrowsOf(modules: readonly Module[]): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { name, imports } of modules) {
    for (const target of imports) {
      const [from, to] = [roomOf(name), roomOf(target)];
      if (from !== to) arrows.set(`${from} ${to}`, { from, to });
    }
  }
  return [...arrows.values()];
}

/** Which file imports which. */
export function fileArrowsOf(modules: readonly Module[]): Arrow[] {
  return modules.flatMap(({ name, imports }) =>
    imports.map((to) => ({ from: name, to }))
  );
}

/**
 * The circles: sets of nodes that all reach each other (R. Tarjan 1972).
 *
 * @returns Each with its nodes in order; none where there is no circle.
 */
export function circlesOf(arrows: readonly Arrow[]): string[][] {
  const targets = Map.groupBy(arrows, ({ from }) => from);
  const index = new Map<string, number>(), low = new Map<string, number>();
  const stack: string[] = [], circles: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const { to } of targets.get(node) ?? []) {
      const reached = !index.has(to)
        ? visit(to)
        : stack.includes(to)
        ? index.get(to)!
        : Infinity;
      low.set(node, Math.min(low.get(node)!, reached));
    }
    if (low.get(node) === own) {
      const circle = stack.splice(stack.indexOf(node));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low.get(node)!;
  };
  for (const { from } of arrows) if (!index.has(from)) visit(from);
  return circles;
}

/**
 * The most arrows from a node down to the ground, 1 on the ground; the nodes of
 * a circle count as one.
 */
export function floorsOf(arrows: readonly Arrow[]): number {
  const circles = circlesOf(arrows);
  const circled = (node: string) =>
    circles.find((one) => one.includes(node))?.join() ?? node;
  const targets = Map.groupBy(arrows, ({ from }) => circled(from));
  const floors = new Map<string, number>();
  const floorOf = (node: string): number => {
    const known = floors.get(node);
    if (known !== undefined) return known;
    const below = (targets.get(node) ?? []).map(({ to }) => circled(to))
      .filter((target) => target !== node).map(floorOf);
    const floor = 1 + Math.max(0, ...below);
    floors.set(node, floor);
    return floor;
  };
  return Math.max(0, ...targets.keys().map(floorOf));
}

/** Imports that reach into another room behind its face. */
export function behindFaces(modules: readonly Module[]): string[] {
  return modules.flatMap(({ name, imports }) =>
    imports.filter((target) =>
      roomOf(target) !== roomOf(name) && target !== faceOf(roomOf(target))
    ).map((target) => `${name} imports ${target}`)
  );
}

if (import.meta.main) {
  const folder = Deno.args[0] ?? join(PROJECT_FOLDER, "lib");
  const modules = await readModules(folder);
  const arrows = arrowsOf(modules), files = fileArrowsOf(modules);
  const names = (circles: string[][]) =>
    circles.map((one) => one.join(", ")).join("; ") || 0;
  const entries = [...Deno.readDirSync(folder)].length;
  const rows: [string, unknown][] = [
    ["rooms", new Set(modules.map(({ name }) => roomOf(name))).size],
    ["floors", floorsOf(arrows)],
    ["arrows", arrows.length],
    ["circles of rooms", names(circlesOf(arrows))],
    ["circles of files", names(circlesOf(files))],
    ["imports behind a face", behindFaces(modules).length],
    [`entries directly in ${folder}`, entries],
    [
      "files over 400 lines",
      modules.filter(({ lines }) => lines > 400)
        .map(({ name, lines }) => `${name} ${lines}`).join(", ") || 0,
    ],
  ];
  for (const [what, value] of rows) console.log(`${what}: ${value}`);
}
