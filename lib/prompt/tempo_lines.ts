/** A tempo that moves from one number to another: "from 80 down to 60". */

import type { PromptText } from "./text.ts";
import type { Ask } from "./types.ts";

const NUMBER = "(\\d{2,3})";
const BPM = "(?: ?(?:bpm|qpm|beats (?:per|a) minute|schlage))?";
const ABOUT = "(?:(?:about|around|roughly|ca\\.?|etwa|environ|unos) )?";
const START =
  "(?:(?:it |which |that |the tempo |tempo |speed |das tempo |le tempo )?(?:should |could |to )?(?:starts?|starting|begins?|beginning|opens?|opening|goes|go|going|moves?|moving|climbs?|climbing|creeps?|creeping|accelerat(?:es?|ing|o|a)|speed(?:s|ing)? up|slow(?:s|ing)?(?: down)?|rises?|rising|drops?|dropping|falls?|falling|ramps?|ramping|picks? up|winds? down|increas(?:es?|ing)|decreas(?:es?|ing)|beginnt|startet|fangt|beschleunigt|steigert sich|wird schneller|wird langsamer|verlangsamt|commence|demarre|part|passe|accelere|ralentit|empieza|comienza|arranca|pasa|acelera)(?: (?:off|out|up|down|an|slowly|gradually|steadily|gently|allmahlich|langsam|progressivement))*)";
const AT =
  "(?:at|from|with|on|in|bei|mit|von|ab|a|de|en|desde|da)(?: (?:a tempo of|tempo))?";
/** Up to four words that say how it moves. */
const HOW = "(?:,? ?(?:[\\p{L}']+ ){0,5}?)";
const TO =
  "(?:to|toward|towards|until|till|up to|down to|reaching|reaches|hits|hitting|arrives at|ends at|ending at|finishes at|finishing at|gets to|ends up at|ends on|bis|bis zu|bis auf|auf|zu|jusqu'a|jusqu'au|vers|a|hasta|fino a)(?: (?:it(?:'s|s| is| reaches| hits| gets to| ends at)|about|around|at|zu|auf)){0,2}";
const END =
  "(?:,? (?:by|at|for|in|toward|towards|when it|over|am|bis zum|zum|a|al|vers) (?:the |la |the very )?(?:end|finish|finale|finishing line|last bars?|close|ende|schluss|fin|final|whole (?:piece|thing|track)|course of (?:the|it)(?: piece)?|ends?))?";
const READERS = [
  // "Starts at 100 and creeps up to 160 by the end".
  `${START} (?:${AT} ${ABOUT}|${
    ABOUT.replace(/\?$/, "")
  })${NUMBER}${BPM}${HOW}${TO} ${ABOUT}${NUMBER}${BPM}${END}`,
  // "Starts at 100 bpm and by the end it's at 150".
  `${START} ${AT} ${ABOUT}${NUMBER}${BPM},? (?:and|then|but) (?:by|at|towards?) the (?:very )?(?:end|finish) (?:it(?:'s|s| is| runs| goes)? |is |we(?:'re| are) )*(?:at|up to|down to|reaches|hits)? ?${ABOUT}${NUMBER}${BPM}`,
  // "From 80 down to 60".
  `(?:from|von|de|desde) ${ABOUT}${NUMBER}${BPM} (?:all the way |gradually |slowly |steadily )?(?:up|down|hoch|hinauf|runter|herunter) (?:to|auf|bis) ${ABOUT}${NUMBER}${BPM}${END}`,
  // "From 90 to 130 bpm".
  `(?:from|von|de|desde) ${ABOUT}${NUMBER}${BPM} (?:to|bis|auf|a|hasta) ${ABOUT}${NUMBER} ?bpm${END}`,
  // "90 to 130 bpm over the piece", "80 -> 120 bpm".
  `(?:tempo:? )?${NUMBER}${BPM} ?(?:->|→|rising to|falling to|climbing to|dropping to|slowing to|speeding up to|accelerating to) ?${NUMBER}${BPM}${END}`,
].map((source) => new RegExp(`(?:${source})(?![\\p{L}\\p{N}#])`, "uy"));
/** After a number that counts something else. */
const COUNTS =
  /^(?: ?(?:seconds?|secs?|s|min(?:ute)?s?|m|bars?|measures?|takten?|mesures?|compases|sekunden|%|percent|hz|times|notes|players|voices|people|instruments)\b|:\d|\/\d|th\b|st\b)/i;
/** A word that is of a tempo where no unit is. */
const OF_TEMPO =
  /bpm|tempo|speed|accel|faster|slower|slow|creep|ramp|quick|beats|pace|beschleun|schneller|langsamer|ralent|acele| up to| down to|winds/;
const SLOWEST = 30, FASTEST = 260;

/** A tempo that moves, the first one at a place of a prompt. */
export function tempoLineAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  for (const expression of READERS) {
    const match = text.match(expression, at);
    if (!match) continue;
    const [whole, first, last] = match;
    const end = at + whole.length;
    const tempi = [Number(first), Number(last)] as const;
    const isTempo = tempi.every((qpm) => qpm >= SLOWEST && qpm <= FASTEST) &&
      tempi[0] !== tempi[1] && OF_TEMPO.test(whole) &&
      !COUNTS.test(text.after(end)) &&
      !COUNTS.test(whole.slice(whole.indexOf(first!) + first!.length));
    if (!isTempo) continue;
    return {
      end,
      ask: { is: "more", of: "tempo", by: tempi[1] > tempi[0] ? 1 : -1, tempi },
    };
  }
  return undefined;
}
