/** Parses command lines by the table of a task's options. */

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { expandHome, nearestName } from "../base/base.ts";
import {
  COMMON_OPTIONS,
  flagOf,
  type Given,
  type Option,
  type Options,
  type Task,
  type TextOption,
} from "./option.ts";
import { UsageError } from "./usage_error.ts";

/** What the parser of Node finds for an option. */
type Raw = string | boolean | readonly string[] | undefined;

/**
 * Parses what follows a task's name.
 *
 * @returns The values, checked; or "help" or "version", if that is asked for.
 * @throws {UsageError} If an option is unknown or its value is not such as its table
 * says, or there are too many words.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { GENERATE, parseTask } from "immersic/tasks/tasks.ts";
 * const given = parseTask(GENERATE, ["--run", "starter", "--bars", "8"]);
 * assert(typeof given === "object" && given.options.bars === 8);
 * ```
 */
export function parseTask<O extends Options>(
  task: Task<O>,
  args: readonly string[],
): Given<O> | "help" | "version" {
  const most = task.words?.most ?? 0;
  const table: Options = { ...task.options, ...COMMON_OPTIONS };
  const config: ParseArgsOptionsConfig = {};
  for (const [name, { is }] of Object.entries(table)) {
    config[flagOf(name).slice(2)] = {
      type: is === "flag" ? "boolean" : "string",
      multiple: is === "list",
      ...name === "help" && { short: "h" },
    };
  }
  const { values, positionals } = parsed(args, config, most);
  if (values["help"]) return "help";
  if (values["version"]) return "version";
  const rawOf = (name: string) => values[flagOf(name).slice(2)] as Raw;
  const entries = Object.entries<Option>(task.options);
  return {
    options: Object.fromEntries(
      entries.map(([name, option]) => [
        name,
        valueOf(flagOf(name), option, rawOf(name)),
      ]),
    ) as Given<O>["options"],
    named: entries.map(([name]) => name)
      .filter((name) => rawOf(name) !== undefined),
    words: positionals,
  };
}

function parsed(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  most: number,
) {
  try {
    const found = parseArgs({
      args: [...args],
      options,
      allowPositionals: most > 0,
    });
    const { positionals } = found;
    if (positionals.length > most) {
      throw new TypeError(`"${positionals[most]}" is one word too many`);
    }
    return found;
  } catch (error) {
    // The first sentence of Node's message; the rest is advice on its API.
    const why = String(error instanceof Error ? error.message : error)
      .split(/\.\s/)[0]!;
    const unknown = /^Unknown option '--(.*)'/.exec(why)?.[1];
    const meant = unknown && nearestName(unknown, Object.keys(options));
    throw new UsageError(
      `Cannot read the command line: ${why}.${
        meant ? ` Did you mean --${meant}?` : ""
      }`,
    );
  }
}

/** The value of an option, checked, or its default. */
function valueOf(flag: string, option: Option, raw: Raw) {
  switch (option.is) {
    case "flag":
      return raw === true;
    case "list":
      return [raw ?? []].flat().map((one) => textOf(option, String(one)));
    case "text":
      return raw === undefined ? undefined : textOf(option, String(raw));
    case "choice":
      return raw === undefined
        ? option.default
        : choiceOf(flag, option.choices, String(raw));
    default:
      return raw === undefined
        ? option.default
        : numberOf(flag, option, String(raw));
  }
}

/** A text; of a path, with the home folder in place of a "~" that the shell left. */
function textOf({ value }: TextOption, text: string): string {
  return /^(?:FILE|FOLDER|PATH)/.test(value) ? expandHome(text) : text;
}

function choiceOf(flag: string, choices: readonly string[], text: string) {
  if (choices.includes(text)) return text;
  throw new UsageError(
    `Cannot go on: ${flag} must be ${
      choices.join(" or ")
    }, current value is "${text}".`,
  );
}

function numberOf(
  flag: string,
  { is, least = -Infinity }: Extract<Option, { is: "number" | "whole" }>,
  text: string,
): number {
  const number = Number(text);
  const must = text.trim() === "" || !Number.isFinite(number)
    ? [`a number, current value is "${text}"`]
    : number < least
    ? [`at least ${least}, current value is ${number}`]
    : is === "whole" && !Number.isSafeInteger(number)
    ? [`a whole number, current value is ${number}`]
    : [];
  if (must.length === 0) return number;
  throw new UsageError(`Cannot go on: ${flag} must be ${must[0]}.`);
}

/**
 * The value of an option that must be given.
 *
 * @param name As in the table.
 * @throws {UsageError} If it was not.
 */
export function required(name: string, value: string | undefined): string {
  if (value) return value;
  throw new UsageError(`Cannot go on: ${flagOf(name)} is missing.`);
}
