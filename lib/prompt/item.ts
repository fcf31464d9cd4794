/** What a prompt is made of once it is known how each phrase is meant. */

import type { Sense, Wish } from "./types.ts";

/** A phrase with its scope decided. */
export type Item =
  | { readonly is: "wish"; readonly wish: Wish; readonly end: number }
  | {
    readonly is: "sense";
    readonly sense: Exclude<Sense, { readonly is: "ask" }>;
    readonly start: number;
    readonly end: number;
    readonly phrase: string;
  };
