import assert from "node:assert/strict";
import {
  compareDensities,
  interSetDistances,
  intraSetDistances,
  KernelDensity,
} from "./distribution.ts";
import { near } from "./testing.ts";

const A = [1, 2, 4, 4.5, 7, 9.5];
const B = [2, 3, 3.5, 6, 11];

// Expected numbers: scipy.stats.gaussian_kde, areas by a sum over 100,000 points.
Deno.test("KernelDensity is SciPy's gaussian_kde", () => {
  const density = new KernelDensity(A);
  assert.ok(near(density.bandwidth, 2.206199169289765));
  const expected = [0.05696737, 0.10545617, 0.06644467];
  [0, 3.3, 8].forEach((x, i) => assert.ok(near(density.at(x), expected[i]!)));
});

Deno.test("KernelDensity refuses a sample without spread or size", () => {
  assert.throws(() => new KernelDensity([1]), /at least two values/);
  assert.throws(() => new KernelDensity([2, 2]), /Are all values the same\?/);
  assert.throws(() => new KernelDensity([2, NaN]), RangeError);
});

Deno.test("compareDensities() integrates overlap and divergence", () => {
  const forth = compareDensities(A, B);
  const back = compareDensities(B, A);
  assert.ok(Math.abs(forth.overlap - 0.9376842) < 1e-5);
  assert.ok(near(forth.overlap, back.overlap));
  assert.ok(near(forth.divergence, 0.03266999));
  assert.ok(near(back.divergence, 0.05393646));
});

Deno.test("compareDensities() finds equal samples equal and far ones apart", () => {
  const same = compareDensities(A, A);
  assert.ok(near(same.overlap, 1) && near(same.divergence, 0));
  const apart = compareDensities([0, 1, 2], [1000, 1001, 1002]);
  assert.ok(near(apart.overlap, 0) && apart.divergence > 100);
});

Deno.test("compareDensities() takes samples without any spread", () => {
  assert.deepEqual(compareDensities([3, 3], [3, 3, 3]), {
    overlap: 1,
    divergence: 0,
  });
  const { overlap } = compareDensities([3, 3], [5, 5]);
  assert.ok(overlap < 1e-6);
});

Deno.test("intraSetDistances() counts each pair from both ends", () => {
  const distances = intraSetDistances([[1, 1], [4, 5], [1, 1]]);
  assert.deepEqual([...distances], [5, 0, 5, 5, 0, 5]);
});

Deno.test("interSetDistances() measures each vector against each of the other set", () => {
  assert.deepEqual([...interSetDistances([[0], [1]], [[2], [4], [9]])], [
    2,
    4,
    9,
    1,
    3,
    8,
  ]);
  assert.throws(
    () => interSetDistances([[0]], [[0, 1]]),
    /Were both measured with the same options\?/,
  );
});
