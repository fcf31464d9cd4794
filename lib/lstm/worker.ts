/** A worker thread of a {@link Pool}: it computes one shard whenever its word says busy. */
import { runPhase } from "./phases.ts";
import {
  IDLE_MILLISECONDS,
  STATE,
  waitWhile,
  type WorkerStart,
} from "./pool.ts";
import { Shard } from "./shard.ts";

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<WorkerStart>) => void;
  close(): void;
};

scope.onmessage = ({ data }) => {
  const { plan, worker, program, memory, states } = data;
  const at = 16 * worker;
  const shard = new Shard(plan, worker, program, memory);
  try {
    while (true) {
      const state = waitWhile(states, at, STATE.idle, IDLE_MILLISECONDS);
      if (state === STATE.busy) {
        runPhase(shard);
        Atomics.store(states, at, STATE.idle);
        Atomics.notify(states, at);
      } else if (
        state === STATE.gone ||
        Atomics.compareExchange(states, at, STATE.idle, STATE.gone) ===
          STATE.idle
      ) break;
    }
  } catch (error) {
    Atomics.store(states, at, STATE.failed);
    Atomics.notify(states, at);
    throw error;
  }
  scope.close();
};
