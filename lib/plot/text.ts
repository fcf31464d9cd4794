/** Text in figures: its width, lines and shortening. Nothing here can measure a font. */

/** Estimated width of a text, in pixels. */
export function textWidth(text: string, fontSize = 12): number {
  return [...text].length * fontSize * 0.54;
}

/**
 * Breaks a text into lines, between words, or within a word that has no room.
 *
 * @param width Most pixels of a line.
 * @returns One line at least.
 */
export function wrapText(
  text: string,
  width: number,
  fontSize = 12,
): string[] {
  const most = charactersIn(width, fontSize);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((word) => split(word, most))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if ([...longer].length <= most) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Cuts a text that has no room, and ends it with "…". */
export function shortenText(
  text: string,
  width: number,
  fontSize = 12,
): string {
  const characters = [...text];
  const most = charactersIn(width, fontSize);
  return characters.length <= most
    ? text
    : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}

function charactersIn(width: number, fontSize: number): number {
  return Math.max(2, Math.floor(width / textWidth("m", fontSize)));
}

function split(word: string, most: number): string[] {
  const characters = [...word];
  return Array.from(
    { length: Math.max(1, Math.ceil(characters.length / most)) },
    (_, i) => characters.slice(i * most, (i + 1) * most).join(""),
  );
}
