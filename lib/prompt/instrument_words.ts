/** Other words for the instruments and roles that a prompt can name. */

import type { InstrumentName } from "../music/music.ts";

/**
 * Other names of an instrument, with commas between them; plurals need none.
 * `music/instruments.ts` lists the instruments themselves and what plays them.
 */
export const INSTRUMENT_WORDS: { readonly [N in InstrumentName]?: string } = {
  "keys": "keyboard",
  "pad": "synth pad",
  "bass": "bassline, bass line",
  "melody": "melodies, lead melody, melodic line",
  "drums":
    "drum, drum kit, drum set, drum machine, percussion, beat, brushes, brushed drums",
  "piano": "grand piano, acoustic piano, felt piano, upright piano",
  "electric piano": "e piano, epiano, rhodes, fender rhodes, wurlitzer, wurli",
  "clavinet": "clavi",
  "celesta": "celeste",
  "vibraphone": "vibes",
  "bells": "bell, tubular bell, chimes",
  "organ": "hammond organ",
  "church organ": "pipe organ",
  "guitar": "nylon guitar, acoustic guitar, classical guitar",
  "steel guitar": "folk guitar",
  "electric guitar": "e guitar",
  "acoustic bass": "upright bass, double bass, contrabass",
  "electric bass": "bass guitar, finger bass",
  "synth bass": "sub bass",
  "strings": "string, string ensemble, string section, string quartet",
  "violin": "fiddle",
  "cello": "celli",
  "choir": "choral, choirs",
  "french horn": "horn",
  "saxophone": "sax, alto sax, tenor sax, soprano sax",
  "english horn": "cor anglais",
  "pan flute": "panpipe",
  "whistle": "tin whistle",
  "woodwinds": "woodwind, winds, wind instrument",
  "synth lead": "lead synth, synth melody",
  "synth": "synthesizer, synthesiser",
  "kalimba": "thumb piano",
};
