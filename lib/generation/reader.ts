/** The network as generation sees it: ids in, logits of the next one out. */

import { type Checkpoint, networkOf } from "../checkpoint.ts";
import { Network } from "../lstm/network.ts";
import type { Stream, StreamState } from "../lstm/stream.ts";
import { ModelInput } from "../model_input.ts";
import { frameOf, type TonicFrame } from "../tonic.ts";

/** Where a reader stands: what the network remembers, and what it expects. */
export interface ReaderState {
  readonly stream: StreamState;
  readonly head: readonly number[];
  readonly logits: Float32Array;
}

/** Reads one sequence of ids. */
export class Reader {
  readonly #checkpoint: Checkpoint;
  readonly #network: Network;
  readonly #stream: Stream;
  readonly #input: ModelInput;
  readonly #frame?: TonicFrame;
  /** How ids go in, and logits come out, of a piece in this key. */
  #table?: Int32Array;
  /** The last ids; more than one only where the model knows windows alone. */
  #window: number[] = [];
  #logits: Float32Array = new Float32Array();
  /** Logits as the piece's own key has them. */
  readonly #turned: Float32Array;

  private constructor(checkpoint: Checkpoint, network: Network) {
    this.#checkpoint = checkpoint;
    this.#network = network;
    this.#stream = network.stream();
    const source = { ...checkpoint, ...checkpoint.corpus };
    this.#input = new ModelInput(source);
    this.#frame = frameOf(source);
    this.#turned = new Float32Array(checkpoint.vocabulary.size);
  }

  /** Lays out the network of a checkpoint for one sequence. */
  static async open(checkpoint: Checkpoint): Promise<Reader> {
    const { objective, sequenceLength } = checkpoint.config;
    const network = await Network.create(networkOf(checkpoint), {
      maxBatch: 1,
      maxSteps: objective === "last" ? sequenceLength : 1,
      workers: 1,
    });
    network.setWeights(checkpoint.weights);
    return new Reader(checkpoint, network);
  }

  /** Frees the network. */
  [Symbol.dispose](): void {
    this.#network.dispose();
  }

  /**
   * Forgets everything read.
   *
   * @param first The id that the sequence begins with, its key of REMI.
   */
  reset(first: number): void {
    this.#stream.reset();
    this.#input.reset();
    this.#window = [];
    this.#table = this.#frame?.tableOf(first);
  }

  /** Logits of the token after those read, shape [V]; the next read overwrites them. */
  get logits(): Float32Array {
    return this.#logits;
  }

  /** Reads the next token; returns the logits of the one after it. */
  read(id: number): Float32Array {
    const { config } = this.#checkpoint;
    if (config.objective === "every") {
      const table = this.#table;
      const input = this.#input.next(table ? table[id] : id);
      const logits = this.#stream.next(input);
      if (!table) return this.#logits = logits;
      for (let id = 0; id < logits.length; id++) {
        this.#turned[id] = logits[table[id]];
      }
      return this.#logits = this.#turned;
    }
    // Such a model has only ever seen windows from their beginning.
    this.#window = [...this.#window, id].slice(-config.sequenceLength);
    const inputs = this.#window.map((id) => this.#input.next(id) as number);
    return this.#logits = this.#network.predict({
      size: 1,
      steps: inputs.length,
      inputs: config.input === "onehot"
        ? Int32Array.from(inputs)
        : Float32Array.from(inputs),
    });
  }

  /** A copy of where it stands, to return to; only of a model that streams. */
  get state(): ReaderState {
    return {
      stream: this.#stream.state,
      head: this.#input.head,
      logits: this.#logits.slice(),
    };
  }

  set state({ stream, head, logits }: ReaderState) {
    this.#stream.state = stream;
    this.#input.head = head;
    this.#logits = logits.slice();
  }
}
