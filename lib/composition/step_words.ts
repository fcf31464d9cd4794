/** Words that ask for more or less than there is, in four languages. */

import type { RedoWishes } from "./redo_aims.ts";

/** The words, as sources of an expression, what they ask for, and in words. */
export const STEPS: readonly {
  readonly words: string;
  readonly than: NonNullable<RedoWishes["than"]>;
  readonly meaning: string;
}[] = [
  {
    words:
      "(?:calmer|gentler|more (?:calm|gentle|relaxed|peaceful)|less (?:energetic|intense|wild)|ruhiger|sanfter|plus calme|más (?:tranquil[oa]|calmad[oa]))",
    than: { density: -1, loudness: -1 },
    meaning: "sparser and softer",
  },
  {
    words:
      "(?:livelier|wilder|more (?:energetic|lively|intense|energy|excited|exciting)|less calm|lebhafter|plus énergique|plus vif|más enérgic[oa]|más viv[oa])",
    than: { density: 1, loudness: 1 },
    meaning: "denser and louder",
  },
  {
    words:
      "(?:busier|denser|fuller|more (?:notes|busy|dense|movement)|less (?:sparse|empty)|dichter|voller|mehr noten|plus dense|plus de notes|más dens[oa]|más notas)",
    than: { density: 1 },
    meaning: "denser",
  },
  {
    words:
      "(?:sparser|thinner|simpler|emptier|fewer notes|less (?:notes|busy|dense|movement)|more (?:space|sparse)|einfacher|weniger noten|plus simple|moins de notes|menos notas|más sencill[oa])",
    than: { density: -1 },
    meaning: "sparser",
  },
  {
    words:
      "(?:louder|stronger|more (?:loud|powerful)|less (?:soft|quiet)|lauter|plus fort|más fuerte)",
    than: { loudness: 1 },
    meaning: "louder",
  },
  {
    words:
      "(?:softer|quieter|more (?:quiet|quietly|softly)|less loud|leiser|weicher|plus doux|moins fort|más suave)",
    than: { loudness: -1 },
    meaning: "softer",
  },
  {
    words:
      "(?:higher|brighter|less (?:low|dark)|höher|heller|plus haut|plus aigu|más alt[oa]|más agud[oa])",
    than: { register: 1 },
    meaning: "higher",
  },
  {
    words:
      "(?:lower|darker|deeper|less (?:high|bright)|tiefer|dunkler|plus bas|plus grave|más baj[oa]|más grave)",
    than: { register: -1 },
    meaning: "lower",
  },
];
