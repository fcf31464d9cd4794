/** Dropout of one layer, in the forward and the backward pass alike. */
import { CONTROL } from "./control.ts";
import type { Shard } from "./shard.ts";

/**
 * Drops elements of layer i's rows while training; others are scaled up.
 *
 * @param at Address of the rows, of `columns` floats each.
 */
export function drop(
  shard: Shard,
  i: number,
  at: number,
  columns: number,
): void {
  const { control, plan } = shard;
  const planned = plan.layers[i]!, { layer } = planned;
  const rate = layer.kind === "dropout" ? layer.rate : 0;
  if (rate === 0 || control[CONTROL.training] === 0) return;
  const { first, rows } = shard.extent();
  const batch = control[CONTROL.batch]!;
  // Each layer has its own stream of random numbers.
  const key = (control[CONTROL.dropoutKey]! ^ Math.imul(i + 1, 0x632be5ab)) | 0;
  const count = shard.rowsOf(planned!);
  shard.kernels.dropout(count, columns, at, rate, key, rows, first, batch);
}
