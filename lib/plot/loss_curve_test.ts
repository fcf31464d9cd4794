import assert from "node:assert/strict";
import type { Figure } from "./figure.ts";
import { lossCurve } from "./loss_curve.ts";

const threeEpochs = [
  { epoch: 1, trainLoss: 3, validLoss: 2.9 },
  { epoch: 2, trainLoss: 2, validLoss: 2.4 },
  { epoch: 3, trainLoss: 1, validLoss: 2.6 },
];

/** Path commands of one of the figure's lines. */
function lineOf(figure: Figure, name: string): string | undefined {
  return new RegExp(`aria-label="${name}"><path d="([^"]*)"`).exec(figure.svg)
    ?.[1];
}

function vertices(path: string | undefined): number {
  return path?.match(/[ML]/g)?.length ?? 0;
}

Deno.test("lossCurve() draws one vertex per epoch", () => {
  const history = Array.from({ length: 137 }, (_, i) => ({
    epoch: i + 1,
    trainLoss: 4 / (i + 1),
    validLoss: 3.5 / (i + 1) + 0.01 * i,
  }));
  const curve = lossCurve(history, { epochs: 500 });
  assert.equal(vertices(lineOf(curve, "training loss")), 137);
  assert.equal(vertices(lineOf(curve, "validation loss")), 137);
});

Deno.test("lossCurve() puts each epoch at its place", () => {
  const curve = lossCurve(threeEpochs, { width: 276, height: 100 });
  // 200 pixels for two epochs, 92 for two nats.
  assert.equal(
    lineOf(curve, "training loss"),
    "M56,14L156,60L256,106",
  );
});

Deno.test("lossCurve() says epoch, best and time left in title and alternative text", () => {
  const curve = lossCurve(threeEpochs, { epochs: 40, etaSeconds: 200.4 });
  const facts = "epoch 3 of 40 · best 2.400 at epoch 2 · 3 min 20 s left";
  assert.ok(curve.svg.includes(`>${facts}</text>`));
  assert.equal(
    curve.alt,
    `Loss in nats per token by epoch: ${facts}. Latest training 1.000. Latest validation 2.600.`,
  );
});

Deno.test("lossCurve() marks the best epoch it is given", () => {
  const curve = lossCurve(threeEpochs, { bestEpoch: 3 });
  assert.match(curve.alt, /best 2\.600 at epoch 3/);
});

Deno.test("lossCurve() draws no validation line if nothing is held out", () => {
  const curve = lossCurve(threeEpochs.map(({ epoch, trainLoss }) => ({
    epoch,
    trainLoss,
  })));
  assert.equal(vertices(lineOf(curve, "training loss")), 3);
  assert.equal(lineOf(curve, "validation loss"), undefined);
  assert.match(curve.alt, /best 1\.000 at epoch 3/);
});

Deno.test("lossCurve() shows epochs beyond the plan, and gaps in validation", () => {
  const curve = lossCurve([...threeEpochs, { epoch: 4, trainLoss: 0.5 }], {
    epochs: 2,
    width: 276,
  });
  assert.match(lineOf(curve, "training loss")!, /L256,[\d.]+$/);
  assert.equal(vertices(lineOf(curve, "validation loss")), 3);
  assert.match(curve.alt, /Latest training 0\.500\. Latest validation\.$/);
});

Deno.test("lossCurve() draws an empty frame before the first epoch", () => {
  assert.equal(
    lossCurve([], { epochs: 40 }).alt,
    "Loss in nats per token by epoch: 0 of 40 epochs, the first point comes when one ends.",
  );
});

Deno.test("lossCurve() stays small at 500 epochs", () => {
  const history = Array.from({ length: 500 }, (_, i) => ({
    epoch: i + 1,
    trainLoss: Math.exp(-i / 100) + Math.sin(i) / 50,
    validLoss: Math.exp(-i / 100) + Math.cos(i) / 50 + 0.2,
  }));
  assert.ok(lossCurve(history).svg.length < 20_000);
});
