/** Long lists as lines of text. */

/** Most characters of a line; a longer item has one of its own. */
const WIDTH = 100;
/** Items shown by {@linkcode firstOf}. */
const SHOWN = 5;

/**
 * A heading and all items, on one line or, if that is long, wrapped below it.
 *
 * @returns Lines, indented.
 */
export function wrapList(heading: string, items: readonly string[]): string[] {
  const whole = `  ${heading}: ${items.join(", ")}`;
  if (whole.length <= WIDTH) return [whole];
  const lines = [`  ${heading}:`];
  let line = "   ";
  items.forEach((item, i) => {
    const next = i < items.length - 1 ? `${item},` : item;
    if (line.length > 3 && line.length + next.length >= WIDTH) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${next}`;
  });
  return [...lines, line];
}

/** The first few items, and how many there are beside them. */
export function firstOf(items: readonly string[]): string[] {
  const left = items.length - SHOWN;
  return left <= 0
    ? [...items]
    : [...items.slice(0, SHOWN), `and ${left} more`];
}
