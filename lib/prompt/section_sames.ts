/** Sections that keep what the one before them has: "same tempo". */

import type { ReadClause } from "./section_cast.ts";
import type { Settled } from "./resolve.ts";
import type { Said } from "./said.ts";
import type { Fields } from "./types.ts";

/** The fields that stay with each. */
const FIELDS = {
  tempo: ["qpm", "tempo"],
  key: ["tonic", "mode"],
  meter: ["meter"],
} as const satisfies Readonly<Record<string, readonly (keyof Fields)[]>>;

/**
 * Gives sections the tempo, key or meter of the one before them where they say that it
 * is the same, and all of them the first one's where the whole piece says so.
 *
 * @param clauses Changed in place.
 * @param whole What is said of the whole, and its fields, which are changed in place.
 */
export function keepSame(
  clauses: readonly ReadClause[],
  whole: { readonly said: Said; readonly fields: Settled["fields"] },
): void {
  for (const of of whole.said.sames) {
    const fields = FIELDS[of];
    const first = [
      whole.fields,
      ...clauses.map(({ settled }) => settled.fields),
    ]
      .find((one) => fields.some((field) => one[field] !== undefined));
    for (const { settled } of clauses) copy(first, settled.fields, fields);
    if (first) copy(first, whole.fields, fields);
  }
  for (const [i, { said, settled }] of clauses.entries()) {
    for (const of of said.sames) {
      const before = clauses.slice(0, i).findLast((one) =>
        one.clause.how !== "at" || one.clause.how === clauses[i]!.clause.how
      );
      copy(before?.settled.fields, settled.fields, FIELDS[of]);
      for (const field of FIELDS[of]) delete said.fields[field];
    }
  }
}

/** Copies fields; those that the other lacks are left out. */
function copy(
  from: Partial<Fields> | undefined,
  to: Settled["fields"],
  fields: readonly (keyof Fields)[],
): void {
  for (const field of fields) {
    const value = from?.[field];
    if (value === undefined) delete to[field];
    else Object.assign(to, { [field]: value });
  }
}
