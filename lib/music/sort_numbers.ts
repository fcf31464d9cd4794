/** Numbers in rising order, for lists that nearly are. */

/** Moves for each number after which a list is not nearly in order. */
const MOST_MOVES = 16;

/**
 * Sorts numbers, none of them NaN, in place: as the array's own `sort()`, faster
 * where each has its place near by.
 *
 * @example
 * ```ts
 * import { sortNumbers } from "immersic/music/music.ts";
 * console.assert(sortNumbers(Float64Array.of(2, 1, 3)).join() === "1,2,3");
 * ```
 */
export function sortNumbers(numbers: Float64Array): Float64Array {
  let moves = MOST_MOVES * numbers.length;
  for (let i = 1; i < numbers.length; i++) {
    const number = numbers[i]!;
    let place = i;
    for (; place > 0 && numbers[place - 1]! > number; place--) {
      numbers[place] = numbers[place - 1]!;
    }
    numbers[place] = number;
    moves -= i - place;
    if (moves < 0) return numbers.sort();
  }
  return numbers;
}
