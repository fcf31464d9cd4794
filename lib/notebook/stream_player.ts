/** Music without end that plays in a notebook while other cells run. */

import { flacOf } from "../files/files.ts";
import {
  composeStream,
  describePrompt,
  type StreamOptions,
  type StreamTold,
} from "../composition/composition.ts";
import { Generator } from "../generation/generation.ts";
import { type DisplayObject, escapeXml, jupyterDisplay } from "../plot/plot.ts";
import {
  type Audio,
  renderStream,
  SAMPLE_RATE,
  type SynthesisOptions,
} from "../synthesis/synthesis.ts";
import { Stopped, Turns } from "../base/base.ts";
import { LiveOutput, settle } from "./output.ts";
import { addPiece, connectButton } from "./stream_script.ts";

/** How {@linkcode playStream} works. */
export interface PlayStreamOptions
  extends Omit<StreamOptions, "onPrompt" | "onProgress"> {
  /** How to render the sound. @default instruments built in code */
  readonly sound?: SynthesisOptions;
}

/** Length of a piece of sound that is sent: FLAC of it has half a megabyte. */
const PIECE_SECONDS = 4;
/** How far ahead of what is heard the music is made. */
const AHEAD_SECONDS = 12;
/** Jupyter's server drops the outputs of a kernel that sends more than 1 MB a second. */
const LEAST_MS_BETWEEN = 700;
/** While nothing is to be made, it looks so often whether all work is to stop. */
const TURN_MS = 200;

/** A stream that plays. */
export class PlayingStream {
  readonly #playing: { prompt: string };
  readonly #id = crypto.randomUUID();
  readonly #panel = new LiveOutput(0);
  readonly #pieces = new LiveOutput(0);
  readonly #stop = Promise.withResolvers<void>();
  readonly #begun = Promise.withResolvers<void>();
  readonly #done: Promise<void>;
  #isStopped = false;
  #hasEnded = false;
  #told: StreamTold | undefined;

  /** Begins to play; see {@linkcode playStream}. */
  constructor(
    generator: Generator,
    prompt: string,
    options: PlayStreamOptions,
  ) {
    this.#playing = { prompt };
    this.#done = this.#play(generator, options)
      .catch((error) => {
        this.#end(
          error instanceof Stopped
            ? `Stopped: ${this.prompt}`
            : `Cannot go on: ${error.message}`,
        );
        this.#begun.reject(error);
      });
  }

  /** Resolves once no more music is made. */
  get ended(): Promise<void> {
    return this.#done;
  }

  /** Waits until the first piece was sent. */
  begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** What is asked. Another prompt is followed from the next section on. */
  get prompt(): string {
    return this.#playing.prompt;
  }
  set prompt(prompt: string) {
    requirePrompt(prompt);
    if (this.#hasEnded) {
      throw new RangeError(
        "Cannot change the prompt: the stream has ended. Begin another with playStream().",
      );
    }
    this.#playing.prompt = prompt;
  }

  /** How the prompt that plays was read, once it plays. */
  get told(): StreamTold | undefined {
    return this.#told;
  }

  /** Stops making music. What was made plays to its end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stop.resolve();
    await this.#done;
    await settle();
  }

  async #play(
    generator: Generator,
    { sound, ...options }: PlayStreamOptions,
  ): Promise<void> {
    const sections = composeStream(generator, this.#playing, {
      ...options,
      onPrompt: (told) => this.#show(told),
    });
    const begunMs = performance.now();
    const turns = new Turns();
    let index = 0, sentSeconds = 0;
    for await (const piece of pieces(renderStream(sections, sound))) {
      this.#send(await flacOf(piece), index++);
      this.#begun.resolve();
      sentSeconds += piece.left.length / SAMPLE_RATE;
      const playedMs = performance.now() - begunMs;
      const aheadMs = 1000 * (sentSeconds - AHEAD_SECONDS) - playedMs;
      const endMs = performance.now() + Math.max(aheadMs, LEAST_MS_BETWEEN);
      while (performance.now() < endMs && !this.#isStopped) {
        await this.#wait(Math.min(endMs - performance.now(), TURN_MS));
        await turns.give();
      }
      if (this.#isStopped) break;
    }
    this.#end(`Stopped: ${this.prompt}`);
  }

  /** Sends a piece to the browser, in place of the one before. */
  #send(flac: Uint8Array, index: number): void {
    const given = [this.#id, index, Date.now(), flac.toBase64()]
      .map((value) => JSON.stringify(value)).join(", ");
    this.#pieces.update({
      [jupyterDisplay]: () => ({
        "text/html": `<script>(${addPiece})(${given})</script>`,
        "text/plain": "",
      }),
    });
  }

  /** Waits, but not longer than until it is stopped. */
  async #wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([promise, this.#stop.promise]);
    clearTimeout(timer);
  }

  #show(told: StreamTold): void {
    this.#told = told;
    const { prompt, notes, randomSeed } = told;
    const lines = [
      ...prompt ? describePrompt(prompt) : [],
      ...notes,
      `Random seed: ${randomSeed}.`,
    ];
    const script = `(${connectButton})(${JSON.stringify(this.#id)})`;
    this.#panel.update({
      [jupyterDisplay]: () => ({
        "text/html": `<p><button type="button" data-stream="${this.#id}">Play` +
          `</button> ${escapeXml(this.prompt)}</p>` +
          `<p>${
            lines.map(escapeXml).join("<br>")
          }</p><script>${script}</script>`,
        "text/plain": [this.prompt, ...lines].join("\n"),
      }),
    });
  }

  /** Shows why nothing more comes, and takes the last piece out of the notebook. */
  #end(message: string): void {
    this.#hasEnded = true;
    const words: DisplayObject = {
      [jupyterDisplay]: () => ({
        "text/html": `<p>${escapeXml(message)}</p>`,
        "text/plain": message,
      }),
    };
    this.#panel.update(words);
    this.#pieces.update({
      [jupyterDisplay]: () => ({ "text/html": "", "text/plain": "" }),
    });
  }
}

/** A notebook has no types: what is no text would be read as one, or end the stream. */
function requirePrompt(prompt: unknown): void {
  if (typeof prompt === "string") return;
  throw new RangeError(
    `Cannot follow the prompt: it must be a text, current value is ${
      JSON.stringify(prompt)
    }.`,
  );
}

/** Makes sure that a generator was given first, as in `makePiece(generator, "calm")`. */
function requireGenerator(generator: unknown): void {
  if (generator instanceof Generator) return;
  throw new RangeError(
    `Cannot make music: the first argument must be a generator, current value is ${
      typeof generator === "string"
        ? JSON.stringify(generator)
        : typeof generator
    }. Open one with Generator.open(await loadBest(runFolder("starter"))).`,
  );
}

/** What plays from a generator. */
const streams = new WeakMap<Generator, PlayingStream>();

/**
 * Makes sure that no stream plays from a generator: a piece would take its place in the
 * network's memory.
 *
 * @throws {RangeError} If one does, or it is no generator.
 */
export function requireNoStream(generator: Generator): void {
  requireGenerator(generator);
  const playing = streams.get(generator);
  if (!playing) return;
  throw new RangeError(
    `Cannot make music: the stream "${playing.prompt}" plays from this generator. Call stop() of the stream first, or open another generator.`,
  );
}

/**
 * Plays music without end in the cell, and goes on while other cells run. Its prompt can
 * be changed meanwhile: the next section follows it, some ten to forty seconds later.
 * A stream that plays from the generator already is stopped first, so that the cell can
 * be run again.
 *
 * @param generator A model of REMI tokens, which must make nothing else until the stream
 * is stopped.
 * @param prompt What to play, in words; a length in it is ignored.
 * @returns The stream, once its first section plays.
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the prompt is no text.
 *
 * ```ts ignore
 * const stream = await playStream(generator, "calm pads in D");
 * stream.prompt = "faster, with drums"; // in a later cell
 * await stream.stop();
 * ```
 */
export async function playStream(
  generator: Generator,
  prompt: string,
  options: PlayStreamOptions = {},
): Promise<PlayingStream> {
  requireGenerator(generator);
  requirePrompt(prompt);
  await streams.get(generator)?.stop();
  const stream = new PlayingStream(generator, prompt, options);
  streams.set(generator, stream);
  stream.ended.then(() => {
    if (streams.get(generator) === stream) streams.delete(generator);
  });
  await stream.begun();
  await settle();
  return stream;
}

/** Sound in pieces that are short enough to be sent. */
async function* pieces(sections: AsyncIterable<Audio>): AsyncGenerator<Audio> {
  const frames = PIECE_SECONDS * SAMPLE_RATE;
  for await (const { left, right, sampleRate } of sections) {
    for (let start = 0; start < left.length; start += frames) {
      yield {
        left: left.subarray(start, start + frames),
        right: right.subarray(start, start + frames),
        sampleRate,
      };
    }
  }
}
