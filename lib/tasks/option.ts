/**
 * What a task takes: the one table that its command line is parsed by, and that help,
 * completion and the docs are made of.
 */

/** What every option has. */
export interface AboutOption {
  /** Stands above it and those that follow, in help. @default that of the one before */
  readonly heading?: string;
  /** What it does, in one or two sentences. */
  readonly meaning: string;
  /** What happens where it is not given and has no `default`. @default it must be given */
  readonly otherwise?: string;
  /** A value, as a shell takes it. */
  readonly example?: string;
  /** The first words that it goes with. @default any */
  readonly of?: readonly string[];
}

/** An option without a value. */
export interface Flag extends AboutOption {
  /** Its kind. */
  readonly is: "flag";
}

/** An option whose value is text; a list may be given several times. */
export interface TextOption extends AboutOption {
  /** Which of the two. */
  readonly is: "text" | "list";
  /**
   * What it is called in help. Shells complete what begins with FILE, FOLDER or PATH,
   * and RUN.
   */
  readonly value: string;
}

/** An option that is one of a few words. */
export interface ChoiceOption extends AboutOption {
  /** Its kind. */
  readonly is: "choice";
  /** These words. */
  readonly choices: readonly string[];
  /** Its value where it is not given. @default undefined */
  readonly default?: string;
}

/** An option that is a number. */
export interface NumberOption extends AboutOption {
  /** Any number, or a whole one. */
  readonly is: "number" | "whole";
  /** The least that it may be. @default -Infinity */
  readonly least?: number;
  /** Its value where it is not given. @default undefined */
  readonly default?: number;
}

/** An option of a task. */
export type Option = Flag | TextOption | ChoiceOption | NumberOption;

/** The options of a task, by name: "topK" is `--top-k`. */
export type Options = Readonly<Record<string, Option>>;

/** The words that stand beside a task's options. */
export interface Words {
  /** What one is called in help, see {@linkcode TextOption}. */
  readonly value: string;
  /** Those that are known. @default any */
  readonly choices?: readonly string[];
  /** Most of them. */
  readonly most: number;
}

/** A task of deno.json. */
export interface Task<O extends Options = Options> {
  /** As in `deno task NAME`. */
  readonly name: string;
  /** What it does, in a line that follows its name. */
  readonly summary: string;
  /** What must follow its name. */
  readonly usage: string;
  /** What there is to know beside the options, a paragraph each. @default none */
  readonly notes?: readonly string[];
  /** What stands beside the options. @default no words */
  readonly words?: Words;
  /** Its options, in the order of help. */
  readonly options: O;
  /** Whole command lines, of which each runs after those before it. */
  readonly examples: readonly string[];
}

/** The type of an option's value. */
export type ValueOf<O extends Option> = O extends Flag ? boolean
  : O extends { is: "list" } ? readonly string[]
  :
    | (O extends ChoiceOption ? O["choices"][number]
      : O extends NumberOption ? number
      : string)
    | (O extends { default: string | number } ? never : undefined);

/** A parsed command line. */
export interface Given<O extends Options = Options> {
  /** The value of each option, or its default. */
  readonly options: { readonly [Name in keyof O]: ValueOf<O[Name]> };
  /** Names of the options that stand on the command line. */
  readonly named: readonly (keyof O & string)[];
  /** What stands beside them. */
  readonly words: readonly string[];
}

/** Checks the type of a task, and keeps what is known of its options. */
export function defineTask<const O extends Options>(task: Task<O>): Task<O> {
  return task;
}

/**
 * An option as it is written, such as "--top-k" for "topK".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flagOf } from "immersic/tasks/tasks.ts";
 * assert.equal(flagOf("topK"), "--top-k");
 * ```
 */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What every task takes beside its own options. */
export const COMMON_OPTIONS = {
  help: { is: "flag", meaning: "Shows this help." },
  version: { is: "flag", meaning: "Shows the version of Immersic." },
} as const satisfies Options;

/** `--json`, of the tasks that end with a result. */
export const JSON_OPTION = {
  heading: "Also",
  is: "flag",
  meaning:
    "Ends with one JSON object as the last line of stdout, on failure too; progress goes to stderr.",
} as const satisfies Flag;
