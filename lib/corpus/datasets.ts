/** The collections of music that the project knows by name. */

import type { RemoteFile } from "./datasets_download.ts";

/** A collection that the project knows. */
export interface Dataset {
  /** Name, also of its folder. */
  readonly name: string;
  /** What it holds, in words for users. */
  readonly description: string;
  /** Its licence; what its makers say of it where that is no more. */
  readonly licence: string;
  /** Size of what is downloaded, in words. */
  readonly size: string;
  /** Page that tells of it; undefined if it comes with the project. */
  readonly page?: string;
  /** What is downloaded, the archive first; none that needs an account. */
  readonly downloads: readonly RemoteFile[];
  /** How to get it where it cannot be downloaded, or in another way. */
  readonly byHand?: string;
  /** What to do with its folder where that is no music to preprocess. */
  readonly next?: (folder: string) => string;
  /** Which files of its archives belong to it. */
  readonly pattern: RegExp;
  /** Number of its files, where it is known. */
  readonly files?: number;
  /** Hash of their contents, see `hashOfHashes`, where it is known. */
  readonly hash?: string;
}

/** Files with music, and tables and texts about them. */
const MUSIC =
  /(?:\.(?:midi?|kar|csv|json|musicxml|mxl|xml)|(?:^|\/)(?:licen[cs]e|readme)[^/]*)$/i;
const ALL = /./;

const CC_BY = "CC BY 4.0";
const ON_ITS_PAGE = "see its page";

/** The server of the Lakh MIDI data set; it has no HTTPS. */
const LAKH = "http://hog.ee.columbia.edu/craffel/lmd/";
const LAKH_PAGE = "https://colinraffel.com/projects/lmd/";
const MAGENTA = "https://storage.googleapis.com/magentadata/datasets/";
const NSYNTH = "http://download.magenta.tensorflow.org/datasets/nsynth/";
const FMA = "https://os.unil.cloud.switch.ch/fma/";
const GITHUB = "https://github.com/";
const KAGGLE = "https://www.kaggle.com/datasets/";

/** Sizes and hashes of Lakh's archives as MusPy publishes them. */
const LAKH_ARCHIVES = {
  full: {
    url: `${LAKH}lmd_full.tar.gz`,
    bytes: 1768163879,
    sha256: "6fcfe2ac49ca08f3f214cec86ab138d4fc4dabcd7f27f491a838dae6db45a12b",
  },
  matched: {
    url: `${LAKH}lmd_matched.tar.gz`,
    bytes: 1407072670,
    sha256: "621ff830aed771f469e5bfa13dc12a33c6ed69090adeda63d0b5c47783af0191",
  },
  aligned: {
    url: `${LAKH}lmd_aligned.tar.gz`,
    bytes: 272169548,
    sha256: "2bf5400e82eba73204644946515489b68811e1e656b0cfd854efc14377f6e53b",
  },
} as const satisfies Record<string, RemoteFile>;

const MATCH_SCORES: RemoteFile = { url: `${LAKH}match_scores.json` };

/** All collections, by name. */
export const DATASETS: readonly Dataset[] = [
  {
    name: "starter",
    description: "ambient pieces composed for this project",
    licence: "CC0",
    size: "in the project",
    downloads: [],
    pattern: /\.mid$/,
    files: 162,
    hash: "26e5af1d3387c2babc8eb05500884d764bf90905b2c1359664e79995223ced50",
  },
  {
    name: "lofi-samples",
    description: "six short lo-fi patterns, most in every key",
    licence: "none stated",
    size: "0.1 MB",
    page: `${GITHUB}nmtremblay/lofi-samples`,
    downloads: [{
      url:
        `${GITHUB}nmtremblay/lofi-samples/archive/b1ca2ee1dc4606fb927f4db414bb612772beb479.zip`,
    }],
    pattern: /\.mid$/,
    files: 120,
    hash: "a9691aea3a50c4f0269b58b7f2b98d8592320402370e594b89876f06e367b29e",
  },
  {
    name: "jsb-chorales",
    description:
      "Bach's chorales by quarter notes, Boulanger-Lewandowski's split",
    licence: "none stated",
    size: "0.4 MB",
    page: `${GITHUB}czhuang/JSB-Chorales-dataset`,
    downloads: [{
      url:
        "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/9a7f733ddb4ed91f48da64ac7f0f621c34aadd4d/jsb-chorales-quarter.json",
      bytes: 407200,
    }],
    pattern: /(^|\/)jsb-chorales-quarter\.json$/,
    files: 1,
    hash: "606f201394184a9510595c38b5b3c80788a86d04660b3e6c0aaa0616e54b0164",
  },
  {
    name: "nottingham",
    description: "1,034 British and American folk tunes with chords",
    licence: "GPL 3.0",
    size: "not known",
    page: `${GITHUB}jukedeck/nottingham-dataset`,
    downloads: [{
      url:
        `${GITHUB}jukedeck/nottingham-dataset/archive/0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f.zip`,
    }],
    byHand:
      "Frames in JSON, with splits as those of jsb-chorales, are read as well; a Python pickle of them is not.",
    // The folders below hold the melodies and the chords of the same tunes.
    pattern: /(^|\/)MIDI\/[^/]+\.mid$/,
  },
  {
    name: "pop909",
    description: "909 Chinese pop songs arranged for piano",
    licence: "MIT",
    size: "50 MB",
    page: `${GITHUB}music-x-lab/POP909-Dataset`,
    downloads: [{
      url:
        `${GITHUB}music-x-lab/POP909-Dataset/archive/d83e6edba6872a704f5d3b8b32f5cb540088dae6.zip`,
    }],
    // Beside each song are other versions of it.
    pattern: /(^|\/)(\d{3}\/)?\d{3}\.mid$/,
    files: 909,
  },
  {
    name: "gmd",
    description:
      "Groove: 1,150 drum performances by ten drummers, with their own split",
    licence: CC_BY,
    size: "3.3 MB",
    page: "https://magenta.tensorflow.org/datasets/groove",
    downloads: [{
      url: `${MAGENTA}groove/groove-v1.0.0-midionly.zip`,
      bytes: 3260318,
      sha256:
        "651cbc524ffb891be1a3e46d89dc82a1cecb09a57c748c7b45b844c4841dcc1e",
    }],
    pattern: MUSIC,
  },
  {
    name: "e-gmd",
    description:
      "Expanded Groove: the performances on 43 kits, each used once; its own split",
    licence: CC_BY,
    size: "103 MB",
    page: "https://magenta.tensorflow.org/datasets/e-gmd",
    downloads: [
      {
        url: `${MAGENTA}e-gmd/v1.0.0/e-gmd-v1.0.0-midi.zip`,
        sha256:
          "5e70a6f4d760385a5e5ec986a2f02179d96f61181a920e592876b577a75844d3",
      },
      { url: `${MAGENTA}e-gmd/v1.0.0/e-gmd-v1.0.0.csv` },
    ],
    pattern: MUSIC,
  },
  {
    name: "lmd-full",
    description: "Lakh: 178,561 MIDI files from all over the web",
    licence: CC_BY,
    size: "1.8 GB",
    page: LAKH_PAGE,
    downloads: [LAKH_ARCHIVES.full],
    pattern: MUSIC,
  },
  {
    name: "lmd-matched",
    description:
      "Lakh, matched to songs of the Million Song Dataset; the best match of each is used",
    licence: CC_BY,
    size: "1.4 GB",
    page: LAKH_PAGE,
    downloads: [LAKH_ARCHIVES.matched, MATCH_SCORES],
    pattern: MUSIC,
  },
  {
    name: "lmd-aligned",
    description:
      "Lakh, aligned to previews of songs; the best match of each is used",
    licence: CC_BY,
    size: "0.3 GB",
    page: LAKH_PAGE,
    downloads: [LAKH_ARCHIVES.aligned, MATCH_SCORES],
    pattern: MUSIC,
  },
  {
    name: "lakh-clean",
    description:
      "Lakh's files with known artist and title; a song of several versions is used once",
    licence: CC_BY,
    size: "234 MB",
    page: LAKH_PAGE,
    downloads: [{ url: `${LAKH}clean_midi.tar.gz`, bytes: 234283029 }],
    byHand: `${KAGGLE}imsparsh/lakh-midi-clean has the same as a ZIP.`,
    pattern: MUSIC,
  },
  {
    name: "jazz-ml-ready",
    description: "jazz pieces as MIDI files, and as lists of notes in a table",
    licence: ON_ITS_PAGE,
    size: "not known",
    page: `${KAGGLE}saikayala/jazz-ml-ready-midi`,
    downloads: [],
    byHand:
      "Kaggle asks for an account: press Download there, which gives archive.zip.",
    pattern: MUSIC,
  },
  {
    name: "classical-csv",
    description: "classical pieces, each as a table of its MIDI events",
    licence: ON_ITS_PAGE,
    size: "not known",
    page: `${KAGGLE}vincentloos/classical-music-midi-as-csv`,
    downloads: [],
    byHand:
      "Kaggle asks for an account: press Download there, which gives archive.zip.",
    pattern: MUSIC,
  },
  {
    name: "nsynth",
    description:
      "single notes of instruments as WAV: the validation and test sets",
    licence: CC_BY,
    size: "1.4 GB",
    page: "https://magenta.tensorflow.org/datasets/nsynth",
    downloads: [
      { url: `${NSYNTH}nsynth-valid.jsonwav.tar.gz` },
      { url: `${NSYNTH}nsynth-test.jsonwav.tar.gz` },
    ],
    byHand:
      `The training set, of some 24 GB, is ${NSYNTH}nsynth-train.jsonwav.tar.gz.`,
    next: (folder) =>
      `deno task generate --run NAME --out FILE.wav --sound-bank ${folder}/nsynth-valid`,
    pattern: ALL,
  },
  {
    name: "fma",
    description: "8,000 clips of 30 s from the Free Music Archive, by genre",
    licence: "of each track its own, in its table; the tables CC BY 4.0",
    size: "7.6 GB",
    page: `${GITHUB}mdeff/fma`,
    downloads: [
      {
        url: `${FMA}fma_small.zip`,
        sha1: "ade154f733639d52e35e32f5593efe5be76c6d70",
      },
      {
        url: `${FMA}fma_metadata.zip`,
        sha1: "f0df49ffe5f2a6008d7dc83c6915b31835dfe733",
      },
    ],
    next: (folder) =>
      `deno task transcribe --audio ${folder} --out DIR, for one genre with --fma-metadata ${folder}/fma_metadata --genre Ambient`,
    pattern: ALL,
  },
];
