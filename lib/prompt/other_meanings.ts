/** Words of the lexicon that stand for something else where they are. */

import { phraseAt } from "./lexicon.ts";
import type { PromptText, Word } from "./text.ts";

/** Before what someone plays or sings themselves: "so it mixes with my bass line". */
export const OWN_PART =
  /\b(?:with|under|over|behind|against|around|beneath) my (?:own )?$/i;
/** Before voices of a texture: "a fugue in four voices". */
const TEXTURE =
  /\b(?:two|three|four|five|six|\d|string|instrumental|inner|middle|upper|lower|independent|all)[ -]$/i;

/** Words of music that are other things as well. */
export const BUILDINGS =
  /^(?:house|garage|trap|drill|rock|metal|jungle|soul|tremolo)$/;
const OWNED =
  /\b(?:the|my|our|your|his|her|their|this|that|empty|haunted|tree|light|ware|coffee|opera|a)[ -]$/i;
const MUSIC =
  /^[ -](?:beats?|music|tracks?|groove|tunes?|songs?|pieces?|vibes?|feel|bangers?|anthem|ballad|riffs?|guitars?|drums?|bass|piano|band|\d|bpm|jam|organ|type|style|loop|instrumental|intro|opera|version|theme|solo)/i;
/** Words by which a reel is a dance. */
const REELS =
  /fiddle|irish|ireland|celtic|scot|whistle|\bjigs?\b|folk|traditional|\btrad\b|bagpipe|bodhran|ceilidh|banjo|hornpipe|(?:dance|dancing) (?:a )?reel|reels? (?:and|or) (?:jigs?|hornpipes?)/i;
/** Hands, which are of a keyboard. */
export const HAND = /^(?:left|right|both|two) hands?\b|^hands together/i;
const KEYBOARD =
  /harpsichord|cembalo|clavecin|organ\b|celesta|accordion|rhodes|wurli|electric piano|e-?piano|harmonium|clavichord|marimba|vibraphone|synth|harp\b/i;

/** What is final and no end. */
const FINAL_THINGS =
  /^[ -](?:countdown|boss|battle|fantasy|fight|level|scene|exams?|cut|mix|version|product|destination|frontier|girl|showdown|credits|duel|stand|project|presentation|year|days?|weeks?|round|lap|dungeon|stage|hours?|act|reel|episode|race|match|goal|game)\b/i;

/** What a choir does and has, where it need not sing itself. */
const OF_CHOIR =
  /^[ -](?:warm[- ]?ups?|practi[cs]e|rehearsals?|accompaniment|teacher|director|conductor|class|lesson|exercise|tour|master|loft)\b/i;
const OF_RHYTHM =
  /^[ -](?:dictation|exercise|practi[cs]e|lesson|game|reading|test|training|class|drill|quiz|cards?)\b/i;
/** What people do and music does not. */
const PEOPLE =
  /^ (?:uses?|loves?|likes?|hates?|knows?|wants?|thinks?|says?|asks?|does|has|is (?:doing|using|waiting|asleep|sleeping|tired|here|watching|talking)|else (?:uses|does|has)|sits?|looks?|sees?|in (?:the )?(?:room|audience|house|office|team))\b/i;

/** Whether an instrument's word stands for something else where it is. */
export function isOtherwise(
  text: PromptText,
  at: number,
  { text: word, end }: Word,
): boolean {
  const before = text.before(at);
  // "Good vibes" are no vibraphone, "bass and vibes" are.
  if (word === "vibes") {
    const [joint, next] = text.words(end + 1, 2);
    const isListed = /^(?:and|&|plus)$/.test(joint?.text ?? "") && next &&
      phraseAt([next.text])?.sense.is === "ask";
    return !isListed && /[\p{L}\d] $/u.test(before) &&
      !/(?:^|[\s,])(?:and|with|on|plus|for|und|mit|et|y|the|featuring|or) $/i
        .test(before);
  }
  // "Repeat AABB" is a form and no loop.
  if (/^repeats?$/.test(word)) return /^:? [A-E]{2,}\b/.test(text.after(end));
  // "Reaction video ending: …" says what it is for.
  if (/^(?:ending|outro|finale)$/.test(word)) {
    return /^ ?:/.test(text.after(end)) && /^[^,.;:!?\n]*\p{L} $/u.test(before);
  }
  // "The final countdown" ends nothing.
  if (word === "final") return FINAL_THINGS.test(text.after(end));
  // "Walks back to the house" is no dance.
  if (word === "tremolo") {
    return /guitar|mandolin|gitarr|guitarra|balalaika|bouzouki|organ|vibraphone/i
      .test(text.written(0, text.length));
  }
  if (
    word === "drill" &&
    /(?:[iv]-[iv]+|scale|finger|technique|practice|ear|chord|warm-?up|fire) $/i
      .test(before)
  ) {
    return true;
  }
  if (BUILDINGS.test(word)) {
    return OWNED.test(before) && !MUSIC.test(text.after(end));
  }
  // "Left hand" is of the harpsichord that is named.
  if (HAND.test(text.after(at))) {
    return KEYBOARD.test(text.written(0, text.length));
  }
  if (/^voices?$/.test(word) && TEXTURE.test(before)) return true;
  // "The B on the E string".
  if (word === "string") return /\b[A-G] $/.test(before);
  // "Accompaniment for my choir" is no choir.
  // "For my tenors" is of people.
  if (/^(?:sopranos|altos|tenors)$/.test(word)) {
    return /\bfor (?:my|our|the) $/i.test(before);
  }
  if (word === "choir") {
    if (/\bfor (?:my|our) $/i.test(before)) return true;
    if (OF_CHOIR.test(text.after(end))) return true;
  }
  // "Rhythm dictation" names no drums.
  if (word === "rhythm") return OF_RHYTHM.test(text.after(end));
  // "Everyone uses strings" is of people.
  if (/^(?:everyone|everybody|everything)$/.test(word)) {
    return PEOPLE.test(text.after(end));
  }
  // Where nothing is said of a dance, a reel is of a film.
  if (word === "reel") return !REELS.test(text.written(0, text.length));
  // "Still makes pasta" is not quiet, and "all hell" is no German word.
  if (word === "still") {
    return /\b(?:but|and|yet|though|while|i|he|she|it|we|they|who|that|should|must|can|could|may|might|just|is|are) $/i
      .test(before) && /^ \p{L}/u.test(text.after(end));
  }
  if (word === "hell") {
    return /\b(?:all|to|from|of|like|in|the|bloody|what the) $/i.test(before) ||
      /^ (?:of|yeah|yes|no|raiser|hounds?)\b/.test(text.after(end));
  }
  // A bus stop is no silence.
  if (/^stops?$/.test(word)) {
    return /\b(?:bus|tram|train|pit|truck|coach|subway|next|last|non|tube)[ -]$/i
      .test(before) || /^[ -](?:motion|sign|light|watch)/.test(text.after(end));
  }
  // "Drone footage" is of a camera.
  if (word === "drone") {
    return /^ (?:video|shot|footage|flight|camera|film)/.test(text.after(end));
  }
  // "Erst nach 30 Sekunden" is not before.
  if (word === "erst") {
    return /^ (?:nach|ab|bei|im|in|am|zum|mit)\b/.test(text.after(end));
  }
  // "4 beats in, 4 beats out" counts.
  if (/^beats?$/.test(word)) return /\d $/.test(before);
  // "Bass by bassoon" says who plays it.
  return word === "bass" && /^ (?:played )?by /.test(text.after(end));
}
