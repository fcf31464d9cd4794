/** The help of a task, as text. */

import config from "../../deno.json" with { type: "json" };
import {
  COMMON_OPTIONS,
  flagOf,
  type Option,
  type Options,
  type Task,
} from "./option.ts";

/** The version of Immersic. */
export const VERSION: string = config.version;

/** Stands for a space at which no line ends. */
const UNBROKEN = "\u00a0";

/** Most characters of a line. */
const WIDTH = 79;

/** What shows a line of wrong usage what is right. */
export function usageOf({ name, usage }: Task): string {
  return `Usage: ${`deno task ${name} ${usage}`.trim()}`;
}

/**
 * What a task does, its options, each with its meaning, default and an example, and
 * command lines that run.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { GENERATE, helpOf } from "immersic/tasks/tasks.ts";
 * assert.match(helpOf(GENERATE), /--bars N\n/);
 * ```
 */
export function helpOf(task: Task): string {
  const { name, summary, notes = [], options, examples } = task;
  const sections = [
    wrap(`deno task ${name} ${summary}.`),
    usageOf(task),
    ...notes.map((note) => wrap(note)),
  ];
  const all: Options = { ...options, ...COMMON_OPTIONS };
  for (const [name, option] of Object.entries(all)) {
    const heading = option.heading ??
      (Object.keys(options).length === 0 && name === "help" && "Options");
    if (heading) sections.push(`${heading}:`);
    else if (name === "help" && !("json" in options)) sections.push("Also:");
    sections.push(`${sections.pop()}\n${optionText(name, option)}`);
  }
  if (examples.length > 0) {
    sections.push(
      ["Examples:", ...examples.map((one) => `  ${one}`)].join("\n"),
    );
  }
  return sections.join("\n\n");
}

/** An option in help: how it is written, and below that what it means. */
function optionText(name: string, option: Option): string {
  const { meaning, example, of } = option;
  const short = name === "help" ? ", -h" : "";
  const value = valueName(option);
  const flag = flagOf(name);
  return [
    `  ${flag}${value && ` ${value}`}${short}`,
    wrap(
      [
        of ? `For ${of.join(" and ")}: ${meaning}` : meaning,
        defaultText(option),
        ...example === undefined
          ? []
          : [`Example: ${flag} ${example}`.replaceAll(" ", UNBROKEN)],
      ].filter((one) => one !== "").join(" "),
      "      ",
    ),
  ].join("\n");
}

/** What stands for an option's value. */
export function valueName(option: Option): string {
  switch (option.is) {
    case "flag":
      return "";
    case "choice":
      return option.choices.join("|");
    case "number":
      return "X";
    case "whole":
      return "N";
    default:
      return option.is === "list" ? `${option.value} …` : option.value;
  }
}

function defaultText(option: Option): string {
  if (option.is === "flag") return "";
  const fallback = "default" in option ? option.default : undefined;
  const text = fallback ?? option.otherwise ?? "required";
  return `${text}`.startsWith("required")
    ? `R${`${text}`.slice(1)}.`
    : `Default: ${text}.`;
}

/** Breaks a text into lines. */
function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join("\n").replaceAll(UNBROKEN, " ");
}

/** All tasks, a line each. */
export function listTasks(tasks: Iterable<Task>): string[] {
  return Array.from(
    tasks,
    ({ name, summary }) => `deno task ${name}: ${summary}`,
  );
}
