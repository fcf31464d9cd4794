/** Reads the wishes of one clause: what is said outright, and what only suggested. */

import type { Random } from "../base/base.ts";
import { type InstrumentName, INSTRUMENTS } from "../music/music.ts";
import { needsKey } from "./chord_symbols.ts";
import { MOODS, MOST_APART } from "./moods.ts";
import { newSaid, type Said } from "./said.ts";
import { FIELD_NAMES, meaningOf } from "./meanings.ts";
import type { Entry, Report } from "./report.ts";
import { addPlayers } from "./several.ts";
import type { Ask, DrumAsk, Fields, Wish } from "./types.ts";

type Setting = Extract<Ask, { readonly is: "set" }>;

/** Words that compare, not those that say how something changes. */
const COMPARATIVE =
  /(?:^|\s)(?:(?:more|less|plus|más|mas|moins|menos|twice as|half as|double the) \p{L}+|\p{L}+er|fewer notes)$/iu;

/** What plays where no drum kit is wanted: "cajón, no drums". */
const HAND_DRUMS =
  /caj[oó]n|conga|bongo|tabla|djembe|darbuka|bodhran|tambourine|pandereta|shaker|maracas|claps?|snaps|taiko|frame drum|hand drum|castanet|castañuela|triangle|woodblock|güira|guiro/i;

/** By section: who can be in it. */
const SECTIONS: Readonly<
  Partial<Record<InstrumentName, readonly InstrumentName[]>>
> = {
  strings: ["violin", "viola", "cello", "contrabass"],
  brass: ["trumpet", "trombone", "french horn", "tuba"],
};

/** Instruments that are called by how they are played. */
const PICKED = /finger ?-?pick|fingerstyle|^picked|arpeggiated/i;

/** How many times as fast or as slow, and no change in time. */
const FACTOR =
  /^(?:at )?(?:half(?: the)?|double(?: the)?|twice the) (?:tempo|speed|pace|time)/i;

/** A meter in figures, or in beats that are counted. */
const FIGURES =
  /\d|\bin (?:a )?(?:two|three|four|five|six|seven|nine|twelve)$/i;

/** Characters within which a value belongs to a change. */
const NEAR = 60;

/** What an alternative is called, such as "D" or "piano". */
function nameOf(ask: Ask): string {
  return meaningOf(ask).trim().replace(/^(?:\p{L}+: |with )/u, "");
}

/** Collects wishes one by one. */
export class WishReader {
  readonly #report: Report;
  readonly #random: Random;

  constructor(report: Report, random: Random) {
    this.#report = report;
    this.#random = random;
  }

  /** Reads the wishes of a clause, in the order written. */
  read(wishes: readonly Wish[]): Said {
    const said = newSaid();
    for (const wish of wishes.toSorted((a, b) => a.start - b.start)) {
      this.#add(said, wish, this.#choose(wish));
    }
    this.#settleCast(said);
    return said;
  }

  /** One of the alternatives, by chance. */
  #choose({ ask, options, phrase }: Wish): Ask {
    if (!options) return ask;
    const chosen = this.#random.pick(options);
    const from = options.map(nameOf);
    this.#report.choose({ what: phrase, from, value: nameOf(chosen) });
    return chosen;
  }

  #tell({ start, phrase, takenAs }: Wish, meaning: string): Entry {
    const spelled = takenAs === undefined
      ? ""
      : ` (read as "${takenAs}", a misspelling)`;
    return this.#report.tell(start, phrase, meaning + spelled);
  }

  #add(said: Said, wish: Wish, ask: Ask): void {
    const { polarity, start, phrase } = wish;
    const isNo = polarity === "no" || polarity === "most";
    switch (ask.is) {
      case "set":
        return isNo
          ? this.#limit(said, wish, ask.fields)
          : this.#set(said, wish, ask);
      case "cast":
      case "without": {
        const isOut = (ask.is === "without") !== isNo;
        const drums = ask.is === "cast" ? ask.drums : undefined;
        if (drums && (drums.sounds || !isOut)) {
          this.#drums(said, wish, drums, isOut);
          if (isOut) return;
        } else if (ask.name === "drums" && !isOut) said.drums.isWhole = true;
        const isKind = !isOut && phrase.toLowerCase().endsWith(` ${ask.name}`);
        const name = isKind ? phrase.toLowerCase() : ask.name;
        const entry = this.#tell(
          wish,
          drums && !isOut
            ? meaningOf(ask)
            : `${isOut ? "without" : "with"} ${name}`,
        );
        if (ask.is === "cast" && ask.ifFromOne) {
          const value = `${ask.name}, counted from 0,`;
          const other = `${ask.ifFromOne}, counted from 1`;
          this.#report.choose({ what: phrase, from: [value, other], value });
        }
        if (!isOut && PICKED.test(phrase)) {
          said.manners.push({ manner: "arpeggio", start, isBefore: false });
        }
        if (!isOut && ask.is === "cast" && ask.isOpen) said.open.add(ask.name);
        else said.closed.add(ask.name);
        const list = isOut ? said.without : said.named;
        if (!isOut) said.mentions.push([ask.name, start]);
        if (!isOut && ask.is === "cast") addPlayers(said, ask, entry);
        if (!list.has(ask.name)) list.set(ask.name, start);
        said.words.set(ask.name, {
          ...said.words.get(ask.name),
          [isOut ? "no" : "yes"]: entry,
        });
        return;
      }
      case "mood":
        return isNo ? this.#unwanted(said, wish, ask.name) : this.#mood(
          said,
          wish,
          ask.name,
        );
      case "genre": {
        if (isNo) return this.#report.ignore(start, phrase);
        const entry = this.#tell(wish, meaningOf(ask));
        if (said.genres.every(({ name }) => name !== ask.name)) {
          said.genres.push({ name: ask.name, entry, share: 1 });
        }
        return;
      }
      case "cannot":
        return this.#cannot(wish, ask);
      default:
        this.#other(said, wish, ask, isNo);
    }
  }

  /** A beat, or drums that are to be heard or not. */
  #drums(said: Said, wish: Wish, drums: DrumAsk, isOut: boolean): void {
    const { start, phrase } = wish;
    if (isOut) {
      this.#tell(wish, `without ${drums.name}`);
      said.drums.unwanted.push({ drums, start, phrase });
      return;
    }
    said.drums.wanted.push(drums);
    if (drums.style !== undefined) {
      this.#add(said, wish, { is: "genre", name: drums.style });
    } else if (drums.beat === "four-on-the-floor") {
      if (said.fields.meter === undefined) {
        this.#set(said, wish, { fields: { meter: "4/4" } });
      }
    }
  }

  #other(said: Said, wish: Wish, ask: Ask, isNo: boolean): void {
    const { start, phrase } = wish;
    if (isNo && ask.is === "modulate") {
      this.#tell(wish, "the key stays");
      return;
    }
    if (isNo && ask.is === "fills") {
      this.#tell(wish, "no drum fills are added");
      return;
    }
    if (isNo && ask.is !== "echo") {
      this.#report.ignore(start, phrase);
      return;
    }
    this.#tell(wish, meaningOf(ask));
    if (ask.is === "more") {
      const { of, by, ends, qpm, tempi } = ask;
      if (tempi) {
        said.fields.qpm = tempi[0];
        said.qpms.push(...tempi.map((qpm) => ({ qpm, start })));
      }
      const times = FACTOR.test(phrase) ? 2 : undefined;
      const isPlain = qpm !== undefined || times !== undefined ||
        wish.polarity === "little" && COMPARATIVE.test(phrase);
      said.mores.push({
        of,
        by,
        start,
        isPlain,
        ...ends && { ends },
        ...qpm !== undefined && { qpm },
        ...times !== undefined && { times },
      });
    }
    if (ask.is === "manner") {
      const isOfAll = /^(?:all|everything|alles)\b/i.test(phrase);
      const isBefore = ask.side === "before", isAfter = ask.side === "after";
      const { manner } = ask;
      said.manners.push({ manner, start, isOfAll, isBefore, isAfter });
    }
    if (ask.is === "contrast") said.hasContrast = true;
    if (ask.is === "swell") said.swell = ask.swell;
    if (ask.is === "hold") {
      said.hold ??= ask;
      const { by, isStyle } = ask;
      if (by && !said.named.has(by)) said.named.set(by, start);
      if (isStyle) this.#add(said, wish, { is: "genre", name: "drone" });
    }
    if (ask.is === "modulate") said.modulations.push(ask.to);
    if (ask.is === "limit") {
      const { limit, isOfPart } = ask;
      said.limitsOfNotes.push({ limit, isOfPart, start });
    }
    if (ask.is === "size") said.size = { count: ask.count, phrase };
    if (ask.is === "voices") {
      said.voices = { count: ask.count, phrase };
    }
    if (ask.is === "same") said.sames.add(ask.of);
    if (ask.is === "fills") {
      said.drums.fills = { everyBars: ask.everyBars, phrase };
      if (/drum|tom|snare/i.test(phrase) && !said.named.has("drums")) {
        said.named.set("drums", start);
        said.drums.isWhole = true;
      }
    }
  }

  #cannot(
    { polarity, start, phrase }: Wish,
    ask: Extract<Ask, { readonly is: "cannot" }>,
  ): void {
    if (polarity !== "yes" && polarity !== "little") {
      this.#report.tell(start, phrase, ask.instead);
      return;
    }
    const { reason, instead } = ask;
    this.#report.fault({ phrase, reason, instead });
  }

  /** Sets fields; what is said last holds, and the contradiction is told. */
  #set(
    said: Said,
    wish: Wish,
    { fields, ends, usual, ofPart, isPast }: Omit<Setting, "is">,
  ): void {
    const { phrase, start } = wish;
    const entry = this.#tell(wish, meaningOf({ is: "set", fields }));
    const { tonic } = said.fields;
    for (const field of Object.keys(fields) as (keyof Fields)[]) {
      const before = said.fields[field], value = fields[field];
      const isOther = before !== undefined &&
        JSON.stringify(before) !== JSON.stringify(value);
      const isTempoChange = field === "qpm" && said.mores.length > 0;
      // "Descends into the low register" says where to, "Am F" which chords.
      const isTarget = said.mores.some(({ of, start: from }) =>
        (of === field ||
          of === "build" && ["loudness", "density"].includes(field)) &&
        from < start && start - from < NEAR
      );
      // A meter in figures says more than a dance does, wherever it stands.
      const isDance = field === "meter" && isOther &&
        FIGURES.test(said.phrases.get(field) ?? "") !== FIGURES.test(phrase);
      const isSymbols = field === "progression" && isOther;
      if (isTarget || isSymbols && needsKey(fields.progression!)) continue;
      // Of two keys, one sentence is enough.
      const isSecond = field === "mode" && fields.tonic !== undefined &&
        tonic !== undefined && fields.tonic !== tonic;
      // A part has a register of its own.
      const isOfPart = field === "register" && ofPart;
      const isTwice = isOther && !isOfPart && !isTempoChange && !isSecond &&
        !isSymbols;
      if (isTwice) {
        this.#report.fault({
          phrase,
          reason: `"${
            said.phrases.get(field)
          }" and "${phrase}" contradict each other: a piece has one ${
            FIELD_NAMES[field]
          }`,
          instead: isDance
            ? "the meter in figures is taken"
            : `"${phrase}" is taken, which was said last`,
        });
      }
      if (isDance && !FIGURES.test(phrase)) continue;
      Object.assign(said.fields, { [field]: value });
      said.phrases.set(field, phrase);
    }
    const { register } = fields;
    if (ofPart && (register === "low" || register === "high")) {
      said.manners.push({
        manner: register,
        start,
        isBefore: ofPart === "before",
        isAfter: ofPart === true,
      });
    }
    if (usual !== undefined) said.usualQpm = usual;
    if (isPast) said.isTempoPast = true;
    const isMoving = said.mores.some(({ of }) => of === "tempo");
    const tempi = ends && isMoving ? ends : [fields.qpm];
    for (const qpm of tempi) {
      if (qpm !== undefined) said.qpms.push({ qpm, start });
    }
    // The mode is known only at the end.
    if (fields.tonic !== undefined && fields.mode === undefined) {
      said.tonics.push(entry);
    }
  }

  #limit(said: Said, wish: Wish, fields: Partial<Fields>): void {
    if (fields.loop === true) {
      return this.#set(said, wish, { fields: { loop: false } });
    }
    if (fields.swing !== undefined) {
      return this.#set(said, wish, { fields: { swing: 0.5 } });
    }
    const isCap = wish.polarity === "most";
    const entry = this.#tell(wish, "");
    said.limits.push({ fields, entry, isCap });
  }

  #unwanted(said: Said, wish: Wish, mood: string): void {
    const isCap = wish.polarity === "most";
    this.#tell(wish, isCap ? `${mood} in moderation` : `not ${mood}`);
    said.unwanted.push({ mood, isCap });
  }

  #mood(said: Said, wish: Wish, name: string): void {
    const place = MOODS.get(name)!;
    const entry = this.#tell(wish, `mood: ${name}`);
    for (const { name: other } of said.moods) {
      const { valence, arousal } = MOODS.get(other)!;
      const isApart = Math.abs(valence - place.valence) > MOST_APART ||
        Math.abs(arousal - place.arousal) > MOST_APART;
      if (!isApart) continue;
      this.#report.fault({
        phrase: wish.phrase,
        reason:
          `${other} and ${name} contradict each other: music cannot well be both at once`,
        instead: "the mean of both is taken",
      });
    }
    if (said.moods.some((mood) => mood.name === name)) return;
    const share = wish.polarity === "little" ? 0.6 : 1;
    said.moods.push({ name, entry, share });
  }

  /** An instrument that is to play and to be silent is silent. */
  #settleCast({ named, without, words, manners }: Said): void {
    // A "string trio: violin, viola, cello" is those.
    for (const [name, members] of Object.entries(SECTIONS)) {
      const group = name as InstrumentName;
      const isGroup = /trio|quart|quint|sext/i.test(
        words.get(group)?.yes?.phrase ?? "",
      );
      const count = members.filter((one) => named.has(one)).length;
      if (isGroup && count > 1) named.delete(group);
    }
    const walking = manners.find(({ manner }) => manner === "walking");
    const hasBass = [...named.keys()].some((name) =>
      INSTRUMENTS[name].role === "bass"
    );
    if (walking && !hasBass) named.set("acoustic bass", walking.start);
    for (const name of without.keys()) {
      // "A trumpet, not a cornet": both are one instrument here.
      const { yes, no } = words.get(name) ?? {};
      const isSmall = yes && no && name === "drums" &&
        HAND_DRUMS.test(yes.phrase) && !HAND_DRUMS.test(no.phrase);
      const isOther = isSmall ||
        yes && no && /^not /i.test(no.phrase) &&
          !no.phrase.toLowerCase().includes(yes.phrase.toLowerCase());
      if (named.has(name) && isOther) {
        without.delete(name);
        no.meaning = `${name} all the same, which is both`;
        this.#report.fault({
          phrase: no.phrase,
          reason:
            `"${yes.phrase}" and "${no.phrase}" are one instrument here, ${name}`,
          instead: "it plays",
        });
        continue;
      }
      if (!named.delete(name)) continue;
      this.#report.fault({
        phrase: name,
        reason: `${name} cannot play and be silent`,
        instead: "it is silent",
      });
    }
  }
}
