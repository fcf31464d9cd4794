/** The command line of `deno task generate`. */

import { defineTask, JSON_OPTION } from "../option.ts";

/** Its options that change a piece; one of them goes with --piece. */
const WORK_OPTIONS = {
  piece: {
    heading: "To work on a piece",
    is: "text",
    value: "FILE.mid",
    meaning:
      "The piece to change: one that was made here, or any MIDI file, of which the result goes to another file.",
    otherwise: "makes a new piece",
    example: "outputs/p.mid",
  },
  redo: {
    is: "text",
    value: "TEXT",
    meaning: "Samples bars or parts anew, in the manner that is asked.",
    otherwise: "nothing",
    example: '"bars 5-8 keys, calmer"',
  },
  takes: {
    is: "whole",
    least: 1,
    meaning: "How many times --redo does so; all are written, to choose from.",
    otherwise: "1",
    example: "3",
  },
  keep: {
    is: "whole",
    least: 1,
    meaning: "Makes the Nth of these takes the piece.",
    otherwise: "the first",
    example: "2",
  },
  edit: {
    is: "text",
    value: "TEXT",
    meaning: "Changes notes by rules, without sampling.",
    otherwise: "nothing",
    example: '"up 2 semitones, bass louder"',
  },
  undo: { is: "flag", meaning: "Takes the last change back." },
} as const;

/** See {@linkcode Task}. */
export const GENERATE = defineTask({
  name: "generate",
  summary: "makes a new piece with a trained run, or changes one",
  usage:
    "--run RUN --out FILE … [OPTION …], or --run RUN --piece FILE.mid (--redo TEXT | --edit TEXT | --keep N | --undo) [OPTION …]",
  notes: [
    "It tells what was understood of the prompt, and what came out of what was asked. FILE.mid.json beside a piece keeps how it was made.",
  ],
  options: {
    run: {
      heading: "Files",
      is: "text",
      value: "RUN",
      meaning: "The training run whose best checkpoint is used.",
      example: "starter",
    },
    out: {
      is: "list",
      value: "FILE",
      meaning:
        "A file to write. Its ending says what: .mid, .wav, .flac, .ogg, .mp3, .musicxml, .mxl or .html, a page with sound and piano roll.",
      otherwise: "required; with --piece, the piece itself",
      example: "outputs/p.mid --out outputs/p.mp3",
    },
    wav: {
      is: "text",
      value: "FILE",
      meaning: "One more file to write.",
      otherwise: "none",
      example: "outputs/p.wav",
    },
    stems: {
      is: "text",
      value: "FOLDER",
      meaning: "Writes a WAV of each part there; they add up to the sound.",
      otherwise: "none",
      example: "outputs/stems",
    },
    soundBank: {
      is: "text",
      value: "PATH",
      meaning:
        "The instruments: an .sf2, .sf3 or .dls file, or a folder in NSynth's layout.",
      otherwise: "instruments built in code",
      example: "data/midi/nsynth/nsynth-valid",
    },
    prompt: {
      heading: "What the piece is to be",
      is: "text",
      value: "TEXT",
      meaning:
        "In words (docs/prompts.md). What it leaves open comes from one training piece that fits it.",
      otherwise: "all is left open",
      example: '"calm piano in D minor, 70 bpm"',
    },
    bars: {
      is: "whole",
      least: 1,
      meaning: "Its length; with a seed, beside that.",
      otherwise: "as the prompt says, or as the training piece has",
      example: "16",
    },
    seedMidi: {
      is: "text",
      value: "FILE",
      meaning: "Goes on from this music in its key, tempo and instruments.",
      otherwise: "begins anew",
      example: "song.mid",
    },
    seedPiece: {
      is: "text",
      value: "NAME|random",
      meaning: "Goes on from a training piece.",
      otherwise: "begins anew",
      example: "random",
    },
    variationOf: {
      is: "text",
      value: "FILE",
      meaning: "Samples a share of the notes of this music anew.",
      otherwise: "begins anew",
      example: "song.mid",
    },
    distance: {
      is: "number",
      least: 0,
      default: 0.3,
      meaning: "That share, up to 1.",
      example: "0.5",
    },
    ...WORK_OPTIONS,
    randomSeed: {
      heading: "How it is sampled",
      is: "whole",
      meaning: "Makes the same piece again.",
      otherwise: "another piece every time, and its seed is told",
      example: "7",
    },
    temperature: {
      is: "number",
      least: 0,
      meaning: "The higher, the freer; 0 takes the likeliest token each time.",
      otherwise: "1",
      example: "0.9",
    },
    topK: {
      is: "whole",
      least: 1,
      meaning: "Samples of the N likeliest tokens only.",
      otherwise: "all",
      example: "40",
    },
    topP: {
      is: "number",
      least: 0,
      meaning:
        "Samples of the likeliest tokens only that have this probability together.",
      otherwise: "1, all",
      example: "0.95",
    },
    tokens: {
      is: "whole",
      least: 1,
      meaning: "Most tokens of a piece of chord tokens.",
      otherwise: "200",
      example: "400",
    },
    json: JSON_OPTION,
  },
  examples: [
    'deno task generate --run starter --out outputs/p.mid --prompt "lo-fi loop, 80 bpm, 4 bars"',
    "deno task generate --run starter --out outputs/on.mid --seed-midi outputs/p.mid --bars 4",
    "deno task generate --run starter --out outputs/v.mid --variation-of outputs/p.mid",
    'deno task generate --run starter --piece outputs/p.mid --redo "bars 2-3, calmer" --takes 2',
    "deno task generate --run starter --piece outputs/p.mid --keep 2",
    "deno task generate --run starter --piece outputs/p.mid --undo",
  ],
});
