/**
 * What a command is: its words, its options, and what it does with them.
 */

/** A command line that makes no sense; the usage is shown beside it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Makes something of the command line's values alone.
 *
 * @throws {UsageError} Where they are out of range, for it.
 */
export function fromUsage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** One command of `commands.ts`. */
export interface Command {
  /** The command line after its name, as shown on wrong usage. */
  readonly usage: string;
  /** Long options: "string" ones take a value. `json` and `help` are there. */
  readonly options: Readonly<Record<string, "string" | "boolean">>;
  /** Most words that may stand beside the options. */
  readonly words: number;

  /**
   * Does it.
   *
   * @param given The command line.
   * @param progress Shows how far it is.
   * @throws {UsageError} If the command line makes no sense.
   */
  run(
    given: Arguments,
    progress: (text: string) => void,
  ): Promise<CommandResult>;
}

/** What a command ends with. */
export interface CommandResult {
  /** For a person. */
  readonly text: string;
  /** For a program, with `--json`. */
  readonly json: object;
}

/** A command line, taken apart. */
export class Arguments {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;
  /** What stands beside the options. */
  readonly words: readonly string[];

  constructor(
    values: Readonly<Record<string, string | boolean | undefined>>,
    words: readonly string[],
  ) {
    this.#values = values;
    this.words = words;
  }

  /** Whether a flag is there. */
  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** The value of an option, undefined where it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
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
