/** The parts that a text names, as the piece calls them or by what plays them. */

import {
  familyOf,
  type InstrumentName,
  INSTRUMENTS,
  mean,
  type NoteSequence,
  type Part,
  type PieceSpec,
} from "../music/music.ts";
import { PromptError } from "../prompt/prompt.ts";
import { type RedoText, wordForm } from "./redo_text.ts";

/** Which player of several is meant, by a word before what they play. */
const ORDINALS: readonly (readonly [words: string, index: number])[] = [
  ["first|1st|erste[nr]?|premi[eè]re?|primer[oa]?", 0],
  ["second|2nd|other|zweite[nr]?|deuxi[eè]me|segund[oa]", 1],
  ["third|3rd|dritte[nr]?|troisi[eè]me|tercer[oa]?", 2],
  ["fourth|4th|vierte[nr]?|quatri[eè]me|cuart[oa]", 3],
  ["last|letzte[nr]?|derni[eè]re?|[uú]ltim[oa]", -1],
];
const ROMAN = ["i", "ii", "iii", "iv"];

/** "The second violin", "violin II", "the lower guitar": one player of several. */
function readPlayers(reader: RedoText, piece: NoteSequence): number[] {
  const { parts, notes } = piece;
  const byBase = Map.groupBy(
    parts.map(({ name }, part) => ({
      base: name.trim().replace(/ \d+$/, ""),
      part,
    })),
    ({ base }) => base,
  );
  const found: number[] = [];
  for (const [name, players] of byBase) {
    if (players.length < 2 || !/\p{L}/u.test(name)) continue;
    const base = escaped(name);
    const own = players.map(({ part }) => part);
    const height = (part: number) =>
      mean(
        notes.filter((note) => note.part === part).map(({ pitch }) => pitch),
      );
    const byHeight = own.toSorted((a, b) => height(b) - height(a));
    const choices: (readonly [source: string, part: number | undefined])[] = [
      ...ORDINALS.map(([words, i]) =>
        [`(?:${words}) ${base}`, own.at(i)] as const
      ),
      ...ROMAN.map((roman, i) => [`${base} ${roman}`, own[i]] as const),
      [`(?:upper|top|higher|highest|obere[nr]?) ${base}`, byHeight[0]],
      [`(?:lower|bottom|lowest|untere[nr]?) ${base}`, byHeight.at(-1)],
    ];
    for (const [source, part] of choices) {
      if (part === undefined) continue;
      const { name } = parts[part]!;
      if (reader.take(named(source), () => `the part ${name}`)) {
        found.push(part);
      }
    }
  }
  return found;
}

/** A name as it stands in an expression. */
const escaped = (name: string): string =>
  name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** What names a part that is not said to be left out. */
function named(source: string): RegExp {
  const before = "(?<!(?:no|not|without|but|except|ohne|sans|sin)(?: the)? )";
  return new RegExp(before + wordForm(`(?:the )?${source}`).source, "iu");
}

/** The parts that a text calls by their names or numbers in the piece. */
export function readNames(reader: RedoText, piece: NoteSequence): number[] {
  const { parts } = piece;
  const found = readPlayers(reader, piece);
  const names = parts.map(({ name }, part) => ({ name: name.trim(), part }))
    .filter(({ name }) => /\p{L}/u.test(name))
    .sort((a, b) => b.name.length - a.name.length);
  for (const { name, part } of names) {
    const match = reader.take(
      named(escaped(name)),
      () => `the part ${name}`,
    );
    if (match) found.push(...sameName(parts, name), part);
  }
  const numbered = wordForm("(?:part|track|voice) (\\d+)");
  for (;;) {
    const match = reader.take(numbered, ([, number]) => `part ${number}`);
    if (!match) break;
    const part = Number(match[1]) - 1;
    if (!parts[part]) {
      throw new PromptError(
        match[0],
        `the piece has parts 1 to ${parts.length}, and "${
          match[0]
        }" is none of them.`,
      );
    }
    found.push(part);
  }
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Parts of one name, which are made anew together. */
function sameName(parts: readonly Part[], name: string): number[] {
  return parts.flatMap((part, i) => part.name.trim() === name ? [i] : []);
}

/** The parts named, and those that play the instruments named; undefined for all. */
export function partsOf(
  { parts, notes }: NoteSequence,
  named: readonly number[],
  { playing = [], silent = [], styles = [] }: PieceSpec,
): number[] | undefined {
  const sounding = new Set(notes.map(({ part }) => part));
  const withNotes = (found: number[]) => {
    const able = found.filter((part) => sounding.has(part));
    return able.length > 0 ? able : found;
  };
  const playersOf = (name: InstrumentName) => {
    const found = parts.flatMap((part, i) => isPlayedBy(name, part) ? [i] : []);
    // A style names instruments, too, and the piece may lack some.
    if (found.length > 0 || styles.length > 0) return withNotes(found);
    const melody = name === "melody"
      ? highestPart({ parts, notes })
      : undefined;
    if (melody !== undefined) return [melody];
    const all = new Intl.ListFormat("en").format(
      parts.map(({ name }, i) => name || `part ${i + 1}`),
    );
    throw new PromptError(
      name,
      `no part of the piece is ${name}; it has ${all}. Name one of these.`,
    );
  };
  const asked = new Set([...named, ...playing.flatMap(playersOf)]);
  // "No keys" names all of a family, of which the piece has some.
  const known = silent.filter((name) =>
    parts.some((part) => isPlayedBy(name, part))
  );
  const gone = new Set((known.length > 0 ? known : silent).flatMap(playersOf));
  if (asked.size + gone.size === 0) return undefined;
  const all = asked.size > 0 ? [...asked] : withNotes([...parts.keys()]);
  const left = all.filter((part) => !gone.has(part)).sort((a, b) => a - b);
  if (left.length > 0) return left;
  throw new PromptError("", "no part is left to redo. Leave one of them in.");
}

/** The part that plays highest; undefined without pitches. */
function highestPart(
  { parts, notes }: Pick<NoteSequence, "parts" | "notes">,
): number | undefined {
  const pitches = parts.map((_, part) =>
    parts[part]!.isDrum
      ? []
      : notes.filter((note) => note.part === part).map(({ pitch }) => pitch)
  );
  return [...parts.keys()].filter((part) => pitches[part]!.length > 0)
    .sort((a, b) => mean(pitches[b]!) - mean(pitches[a]!))[0];
}

/** Whether a part is an instrument, or has a role. */
function isPlayedBy(name: InstrumentName, part: Part): boolean {
  if (part.isDrum || name === "drums") {
    return part.isDrum === (name === "drums");
  }
  if (INSTRUMENTS[name].programs.includes(part.program)) return true;
  return name === "pad" && familyOf(part) === "Strings" ||
    name === "keys" && ["Organ", "Guitar"].includes(familyOf(part) ?? "");
}
