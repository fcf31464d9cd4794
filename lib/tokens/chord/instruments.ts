/**
 * The instrument names by which music21 divides a MIDI file into parts: its name
 * of each General MIDI program, and the track names in which it finds an
 * instrument. Notes with the same name make one part.
 */

import type { InstrumentEvent } from "../../midi/midi.ts";
import { nearestPlace } from "./grid.ts";

/** An instrument of a track, and when it begins, in twelfths of a quarter. */
export interface PartInstrument {
  /** "" if it has none. */
  readonly name: string;
  readonly start: number;
}

const DRUM_CHANNEL = 9;
/** Characters of a name that count. */
const MAX_NAME = 1000;

/** First program and name; the name applies up to the next entry's program. */
const PROGRAMS: readonly (readonly [number, string])[] = [
  [0, "Piano"],
  [2, "Electric Piano"],
  [3, "Piano"],
  [4, "Electric Piano"],
  [6, "Harpsichord"],
  [7, "Clavichord"],
  [8, "Celesta"],
  [9, "Glockenspiel"],
  [11, "Vibraphone"],
  [12, "Marimba"],
  [13, "Xylophone"],
  [14, "Tubular Bells"],
  [15, "Dulcimer"],
  [16, "Electric Organ"],
  [19, "Pipe Organ"],
  [20, "Reed Organ"],
  [21, "Accordion"],
  [22, "Harmonica"],
  [23, "Accordion"],
  [24, "Acoustic Guitar"],
  [26, "Electric Guitar"],
  [32, "Acoustic Bass"],
  [33, "Electric Bass"],
  [35, "Fretless Bass"],
  [36, "Electric Bass"],
  [40, "Violin"],
  [41, "Viola"],
  [42, "Violoncello"],
  [43, "Contrabass"],
  [44, "StringInstrument"],
  [46, "Harp"],
  [47, "Timpani"],
  [48, "StringInstrument"],
  [52, "Choir"],
  [53, "Voice"],
  [55, "Sampler"],
  [56, "Trumpet"],
  [57, "Trombone"],
  [58, "Tuba"],
  [59, "Trumpet"],
  [60, "Horn"],
  [61, "Brass"],
  [64, "Soprano Saxophone"],
  [65, "Alto Saxophone"],
  [66, "Tenor Saxophone"],
  [67, "Baritone Saxophone"],
  [68, "Oboe"],
  [69, "English Horn"],
  [70, "Bassoon"],
  [71, "Clarinet"],
  [72, "Piccolo"],
  [73, "Flute"],
  [74, "Recorder"],
  [75, "Pan Flute"],
  [77, "Shakuhachi"],
  [78, "Whistle"],
  [79, "Ocarina"],
  [80, "Sampler"],
  [104, "Sitar"],
  [105, "Banjo"],
  [106, "Shamisen"],
  [107, "Koto"],
  [108, "Kalimba"],
  [109, "Bagpipes"],
  [110, "Violin"],
  [111, "Shehnai"],
  [112, "Glockenspiel"],
  [113, "Agogo"],
  [114, "Steel Drum"],
  [115, "Woodblock"],
  [116, "Taiko"],
  [117, "Tom-Tom"],
  [118, "Sampler"],
];

/** Words that mark a track name as an instrument's, by family. */
const WORDS = new Set(
  `piano pianoforte pf pno klavier celesta celeste clavichord clavicorde
  harpsichord cembalo clavecin clavicembalo organ organo orgel orgue harmonium
  accordion accordeon fisarmonica akkordeon harmonica mundharmonika armonica
  violin violins violino violini violine violinen violines violon violons
  geige vl vln vn v viola violas viole bratsche bratschen vla va
  cello cellos violoncello violoncelli violoncelle violoncelles violoncell vc
  vcl contrabass contrabasses contrabasso contrabassi contrebasse contrebasses
  kontrabass bass basse basso bs cb strings streicher cordes archi
  guitar guitare guitarra chitarra gitarre fretless ukulele banjo mandolin
  mandoline mandolino lute liuto luth laute harp harps harpe harpes arpa harfe
  harfen hp sitar koto shamisen dulcimer lyra
  flute flutes flauto flauti flauta flautas fl piccolo picc ottavino recorder
  ocarina whistle shakuhachi panpipes pan oboe oboes oboi oboen hautbois ob
  clarinet clarinets clarinetto clarinetti clarinette clarinettes clarinete
  klarinette klarinetten cl bassoon bassoons fagotto fagotti fagott fagotte
  basson bassons bsn fag fg contrabassoon contrafagotto kontrafagott
  saxophone saxophones saxophon sax bagpipes bagpipe
  horn horns corno corni cor cors hn trumpet trumpets tromba trombe trompete
  trompeten trompette trompettes trompeta tpt clarino tr trombone trombones
  tromboni posaune posaunen tb trb tuba tubas tba
  voice voix voce voz stimme chant canto choir soprano sopranos sopran s alto
  altos alt contralto mezzosoprano tenor tenore t ténor taille baritone
  bariton baritono baryton voc voca
  timpani timpano tympani pauke pauken timp glockenspiel glock xylophone
  xylophon vibraphone vibraphon vibes vib marimba chimes campane campanelli
  kalimba celesta triangle triangolo triangel tambourine tambourin tamburino
  cymbals cymbales piatti becken crash gong tamtam castanets castagnettes
  maracas congas conga bongos timbales taiko tom tomtom woodblock agogo
  percussion batterie batteria schlagzeug sampler siren ratchet
  whip conductor`.split(/\s+/),
);

/** Instruments of two words, neither of which is an instrument by itself. */
const PHRASES = [
  "hi hat",
  "snare drum",
  "steel drum",
  "steel drums",
  "kettle drums",
  "bongo drums",
  "tubular bells",
  "church bells",
  "jingle bells",
  "sleigh bells",
  "suspended cymbal",
  "temple block",
  "e gtr",
  "ac gtr",
  "elec gtr",
  "grosse caisse",
  "caisse claire",
];

/**
 * The name that music21 gives a program.
 *
 * @param program General MIDI program, 0–127.
 * @param isDrum Whether it was given on the percussion channel.
 */
export function programInstrument(program: number, isDrum: boolean): string {
  if (isDrum) return "Percussion";
  return PROGRAMS.findLast(([first]) => first <= program)![1];
}

/**
 * Whether music21 finds an instrument in a track name. If so, the whole name names
 * the part, so that "Piano 1" and "Piano 2" are two parts.
 *
 * @param name A track name, "Piano right" for instance.
 */
export function namesInstrument(name: string): boolean {
  const words = name.toLowerCase().replaceAll(".", " ")
    .replace(/[!-/:-@[-`{-~]/g, "").split(/\s+/);
  const text = ` ${words.join(" ")} `;
  return words.some((word) => WORDS.has(word)) ||
    PHRASES.some((phrase) => text.includes(` ${phrase} `));
}

/**
 * The instruments of a track by their names in music21; one if all names agree.
 *
 * @param events In the order of the track.
 * @returns In order of their starts.
 */
export function instrumentsOf(
  events: readonly InstrumentEvent[],
  ticksPerQuarter: number,
): PartInstrument[] {
  const all = events.map((event) => {
    const start = nearestPlace(event.ticks / ticksPerQuarter);
    if ("program" in event) {
      const isDrum = event.channel === DRUM_CHANNEL;
      return { start, name: programInstrument(event.program, isDrum) };
    }
    const isTrackName = "trackName" in event;
    const text = isTrackName ? event.trackName : event.instrumentName;
    const title = text.slice(0, MAX_NAME).split("\0")[0]!.trim();
    const saysNothing = /^(inst|instrument)?( ?\d+)?$/i.test(title);
    const isName = !isTrackName && !saysNothing || namesInstrument(title);
    return {
      start,
      name: isName ? title : "",
      trackName: isTrackName && !saysNothing ? title : "",
    };
  });
  const distinct = (names: (string | undefined)[]) =>
    new Set(names.filter(Boolean)).size;
  const contradicts = distinct(all.map((instrument) => instrument.name)) > 1 ||
    distinct(all.map((instrument) => instrument.trackName)) > 1;
  if (contradicts) return all;
  const one = all.find((instrument) => instrument.name) ?? all[0];
  return one ? [one] : [];
}
