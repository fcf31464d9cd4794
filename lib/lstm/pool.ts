/**
 * The threads that share a network's memory. The calling thread is worker 0; each
 * other worker has one word of shared memory that says whether it is idle, busy
 * or gone.
 */
import { runPhase } from "./phases.ts";
import type { Plan } from "./plan.ts";
import type { Program } from "./program.ts";
import { Shard } from "./shard.ts";

/** What a worker's word says. */
export const STATE = { idle: 0, busy: 1, gone: 2, failed: 3 } as const;

/**
 * A worker without work for this long ends, so that one left behind by an
 * interrupted cell or a program's end keeps nothing alive. It comes back, in
 * some tens of milliseconds, with the next piece of work.
 */
export const IDLE_MILLISECONDS = 500;

/** How often a thread looks for a change before it goes to sleep. */
const SPINS = 2000;

/** What a worker is given when it starts. */
export interface WorkerStart {
  readonly plan: Plan;
  readonly worker: number;
  readonly program: Program;
  readonly memory: WebAssembly.Memory;
  readonly states: Int32Array;
}

/** Waits while the word says `state`; returns what it says then. */
export function waitWhile(
  states: Int32Array,
  index: number,
  state: number,
  milliseconds: number,
): number {
  for (let i = 0; i < SPINS; i++) {
    const now = Atomics.load(states, index);
    if (now !== state) return now;
  }
  Atomics.wait(states, index, state, milliseconds);
  return Atomics.load(states, index);
}

/** Threads that run one phase of a step at a time, together. */
export class Pool {
  readonly #start: Omit<WorkerStart, "worker">;
  readonly #own: Shard;
  readonly #workers: (Worker | undefined)[] = [];
  #disposed = false;

  constructor(
    plan: Plan,
    program: Program,
    memory: WebAssembly.Memory,
  ) {
    const states = new Int32Array(
      new SharedArrayBuffer(64 * Math.max(1, plan.workers)),
    );
    states.fill(STATE.gone);
    this.#start = { plan, program, memory, states };
    this.#own = new Shard(plan, 0, program, memory);
    for (let w = 1; w < plan.workers; w++) this.#spawn(w);
  }

  #index(w: number): number {
    return 16 * w; // a cache line each
  }

  #spawn(w: number): void {
    this.#workers[w]?.terminate();
    Atomics.store(this.#start.states, this.#index(w), STATE.idle);
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: `immersic ${w}`,
    });
    worker.postMessage({ ...this.#start, worker: w });
    this.#workers[w] = worker;
  }

  /**
   * Runs the phase that the control block names on all threads; returns when
   * the last is done.
   *
   * @throws {Error} When a worker fails or the pool was disposed of.
   */
  run(): void {
    if (this.#disposed) {
      throw new Error(
        "Cannot run a step: the network was disposed of. Build it again.",
      );
    }
    const { states, plan } = this.#start;
    for (let w = 1; w < plan.workers; w++) {
      const at = this.#index(w);
      // After an interrupt a worker may still be at its last piece of work.
      while (waitWhile(states, at, STATE.busy, 1000) === STATE.busy);
      const before = Atomics.compareExchange(
        states,
        at,
        STATE.idle,
        STATE.busy,
      );
      if (before !== STATE.idle) {
        this.#spawn(w);
        Atomics.store(states, at, STATE.busy);
      }
      Atomics.notify(states, at);
    }
    runPhase(this.#own);
    for (let w = 1; w < plan.workers; w++) {
      const at = this.#index(w);
      let state: number = STATE.busy;
      while (state === STATE.busy) {
        state = waitWhile(states, at, STATE.busy, 1000);
      }
      if (state === STATE.failed) {
        throw new Error(
          `Cannot finish a step: worker ${w} failed. Its error was printed above.`,
        );
      }
    }
  }

  /** Ends the workers. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { states } = this.#start;
    for (let w = 1; w < this.#start.plan.workers; w++) {
      const at = this.#index(w);
      Atomics.compareExchange(states, at, STATE.idle, STATE.gone);
      Atomics.notify(states, at);
    }
  }
}
