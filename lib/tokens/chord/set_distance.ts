/** How far two sets of pitches, or of pitch classes, are apart. */

/**
 * Mean distance in semitones from each pitch of one set to the nearest of the
 * other set, summed over both directions.
 *
 * @param circle Semitones after which pitches repeat.
 */
export function setDistance(
  a: readonly number[],
  b: readonly number[],
  circle: number,
): number {
  return oneWay(a, b, circle) + oneWay(b, a, circle);
}

function oneWay(
  from: readonly number[],
  to: readonly number[],
  circle: number,
): number {
  let sum = 0;
  for (const pitch of from) {
    let nearest = Infinity;
    for (const other of to) {
      const apart = Math.abs(pitch - other);
      nearest = Math.min(nearest, apart, circle - apart);
    }
    sum += nearest;
  }
  return sum / from.length;
}
