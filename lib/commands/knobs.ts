/**
 * Knobs of a training run, as `--set` takes them.
 */

import { type Config, DEFAULT_CONFIG } from "../base/base.ts";
import { UsageError } from "../tasks/tasks.ts";

/**
 * Parses knobs such as "epochs=3,dropout=0.5".
 *
 * @throws {UsageError} If a knob is unknown or its value is of another type.
 */
export function parseKnobs(text: string): Partial<Config> {
  const pairs = text.split(",").filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map((pair) => {
    const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    if (!Object.hasOwn(DEFAULT_CONFIG, name)) {
      throw new UsageError(
        `Cannot set "${pair}": it must be KNOB=VALUE, with KNOB one of ${
          Object.keys(DEFAULT_CONFIG).join(", ")
        }.`,
      );
    }
    return [name, valueLike(DEFAULT_CONFIG[name as keyof Config], pair, value)];
  }));
}

/**
 * The value of a knob, of the type of its default.
 *
 * @param pair Named in errors.
 */
function valueLike(
  known: Config[keyof Config],
  pair: string,
  value: string,
): number | string | boolean {
  const number = Number(value);
  if (typeof known === "number" && !Number.isNaN(number)) return number;
  if (typeof known === "string") return value;
  if (typeof known === "boolean" && /^(true|false)$/.test(value)) {
    return value === "true";
  }
  throw new UsageError(
    `Cannot set "${pair}": its value must be ${
      typeof known === "number" ? "a number" : "true or false"
    }.`,
  );
}
