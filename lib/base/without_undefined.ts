/** Objects without the properties that are undefined. */

/**
 * A copy without the properties that are undefined, for options that are left out
 * when they are not set.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withoutUndefined } from "immersic/base/base.ts";
 * const options = withoutUndefined({ bars: undefined, qpm: 70 });
 * assert.deepEqual(options, { qpm: 70 });
 * ```
 */
export function withoutUndefined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

/** The properties of `T`, those that may be undefined left out instead. */
export type Defined<T> =
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
  & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<
      T[K],
      undefined
    >;
  };
