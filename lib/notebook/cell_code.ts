/** The code of a cell, changed so that Stop ends what it awaits. */

import { parse, type ParserOptions } from "@babel/parser";
import { STOPPABLE } from "./waits.ts";

type PluginList = NonNullable<ParserOptions["plugins"]>;

/** Where {@linkcode prepareCell} puts calls: text before a place in the code. */
type Edit = readonly [at: number, text: string];

/** What is read of a node of the syntax tree. */
interface TreeNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

/** Kinds of nodes that are functions, or run when something else calls them. */
const CALLED =
  /Function|ObjectMethod|Class(?:Private|Accessor)?(?:Method|Property)|StaticBlock|TSModuleBlock/;

/**
 * Passes what a cell awaits at its top level, outside functions, through the function
 * {@linkcode STOPPABLE}: `await E` becomes `await __s(E, 1)`, and `for await (const x of E)`
 * becomes `for await (const x of __s.each(E, 1))`, where 1 is the line of E. All else
 * stays as it is, to the letter.
 *
 * @returns The code as it is if it cannot be parsed: the kernel then says why.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { prepareCell } from "immersic/notebook/cell_code.ts";
 * assert.equal(prepareCell("const a = await f(1);"), "const a = await __s(f(1), 1);");
 * assert.equal(prepareCell("async () => await f()"), "async () => await f()");
 * ```
 */
export function prepareCell(code: string): string {
  // Most cells await nothing.
  if (!code.includes("await")) return code;
  const program = programOf(code);
  if (!program) return code;
  const edits: Edit[] = [];
  addEdits(program, edits);
  edits.sort(([a], [b]) => a - b);
  let prepared = "", from = 0;
  for (const [at, text] of edits) {
    prepared += code.slice(from, at) + text;
    from = at;
  }
  return prepared + code.slice(from);
}

/** The syntax tree; undefined if the code cannot be parsed. */
function programOf(code: string): TreeNode | undefined {
  // Deno reads cells as TSX, where `<T>value` is an element.
  const ways: PluginList[] = [["typescript", "jsx"], ["typescript"]];
  for (const plugins of ways) {
    const options: ParserOptions = {
      sourceType: "module",
      createParenthesizedExpressions: true,
      plugins: [...plugins, "decorators"],
    };
    try {
      const { program } = parse(code, options);
      return isNode(program) ? program : undefined;
    } catch {
      // The other way, or none.
    }
  }
  return undefined;
}

function addEdits(node: TreeNode, edits: Edit[]): void {
  if (CALLED.test(node.type)) return;
  if (node.type === "AwaitExpression" && isNode(node.argument)) {
    wrap(node.argument, STOPPABLE, edits);
  }
  if (node.type === "ForOfStatement" && node.await && isNode(node.right)) {
    wrap(node.right, `${STOPPABLE}.each`, edits);
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) addEdits(child, edits);
    }
  }
}

function wrap(
  { start, end, loc }: TreeNode,
  call: string,
  edits: Edit[],
): void {
  edits.push([start, `${call}(`], [end, `, ${loc.start.line})`]);
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string" && "start" in value &&
    typeof value.start === "number";
}
