/**
 * How a product that sums over many rows is divided: a gradient's matrix is small
 * and its sum long, so that few workgroups would have much to do.
 */
import { TILE } from "./product_kernels.ts";

/** Workgroups that are enough for a large GPU. */
const ENOUGH_GROUPS = 256;
/** Fewest rows worth a part of their own. */
const LEAST_ROWS = 256;

/** How a product is divided; the last parts may be empty. */
export interface Parts {
  readonly parts: number;
  /** Rows of each. */
  readonly chunk: number;
}

/**
 * Parts of a product [m, n] that sums over `rows`. It depends on nothing else, so
 * that sums are the same on every GPU; fewer rows make no more parts.
 */
export function partsOf(m: number, n: number, rows: number): Parts {
  const tiles = Math.ceil(m / TILE) * Math.ceil(n / TILE);
  const parts = Math.min(
    Math.ceil(rows / LEAST_ROWS),
    Math.max(1, Math.floor(ENOUGH_GROUPS / tiles)),
  );
  return { parts, chunk: Math.ceil(rows / parts / 16) * 16 };
}
