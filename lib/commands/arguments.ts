/**
 * Parses command lines, and checks the values of options.
 */

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { nearestName } from "../base/base.ts";
import { UsageError } from "./usage_error.ts";

/** Which options and words a command takes. */
export interface Syntax {
  /**
   * Its long options: "string" ones take a value, "list" ones may be given several
   * times. Every command also has `json` and `help`.
   */
  readonly options: Readonly<Record<string, "string" | "boolean" | "list">>;
  /** Most words that may stand beside the options. */
  readonly words: number;
}

/**
 * Parses what follows a command's name.
 *
 * @throws {UsageError} If an option is unknown, a value is missing or there are
 * too many words.
 */
export function parseArguments(
  args: readonly string[],
  syntax: Syntax,
): Arguments {
  const options: ParseArgsOptionsConfig = {
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  };
  for (const [name, type] of Object.entries(syntax.options)) {
    options[name] = type === "list"
      ? { type: "string", multiple: true }
      : { type };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: syntax.words > 0,
    });
    if (positionals.length > syntax.words) {
      throw new TypeError(
        `"${positionals[syntax.words]}" is one word too many`,
      );
    }
    return new Arguments(
      values as Record<string, Value>,
      positionals,
    );
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

/** What was given for an option. */
type Value = string | boolean | readonly string[];

/** A parsed command line. */
export class Arguments {
  readonly #values: Readonly<Record<string, Value | undefined>>;
  /** What stands beside the options. */
  readonly words: readonly string[];

  /** @param values Those of the options that were given, by name. */
  constructor(
    values: Readonly<Record<string, Value | undefined>>,
    words: readonly string[],
  ) {
    this.#values = values;
    this.words = words;
  }

  /** Whether a flag was given. */
  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** The value of an option, undefined where it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** The values of an option that may be given several times. */
  list(name: string): readonly string[] {
    const values = this.#values[name];
    return Array.isArray(values) ? values : [];
  }

  /**
   * The value of an option.
   *
   * @throws {UsageError} If it was not given.
   */
  required(name: string): string {
    const text = this.text(name);
    if (!text) throw new UsageError(`Cannot go on: --${name} is missing.`);
    return text;
  }

  /**
   * The value of an option that is one of a few.
   *
   * @throws {UsageError} If it is another.
   */
  choice<const T extends string>(
    name: string,
    choices: readonly T[],
  ): T | undefined {
    const text = this.text(name);
    const choice = choices.find((one) => one === text);
    if (text !== undefined && choice === undefined) {
      throw new UsageError(
        `Cannot go on: --${name} must be ${
          choices.join(" or ")
        }, current value is "${text}".`,
      );
    }
    return choice;
  }

  /**
   * The value of an option that is a number.
   *
   * @param least What it must be at least.
   * @throws {UsageError} If it is not.
   */
  number(name: string, least = -Infinity): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) {
      throw new UsageError(
        `Cannot go on: --${name} must be a number, current value is "${text}".`,
      );
    }
    if (number < least) {
      throw new UsageError(
        `Cannot go on: --${name} must be at least ${least}, current value is ${number}.`,
      );
    }
    return number;
  }

  /**
   * The value of an option that is a whole number.
   *
   * @param least What it must be at least.
   * @throws {UsageError} If it is not.
   */
  wholeNumber(name: string, least = -Infinity): number | undefined {
    const number = this.number(name, least);
    if (number !== undefined && !Number.isSafeInteger(number)) {
      throw new UsageError(
        `Cannot go on: --${name} must be a whole number, current value is ${number}.`,
      );
    }
    return number;
  }
}
