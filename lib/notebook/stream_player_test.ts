import assert from "node:assert/strict";
import { Generator } from "../generation/generation.ts";
import { untrainedRemi } from "../generation/testing.ts";
import { makePiece } from "./piece.ts";
import { playStream } from "./stream_player.ts";
import { inKernel, texts } from "./testing.ts";

Deno.test("playStream() sends pieces of sound one after another, and clears them in the end", async () => {
  using generator = await Generator.open(untrainedRemi());
  const prompt = "piano, 120 bpm, gloomy qwerty";
  const messages = await inKernel(async () => {
    const stream = await playStream(generator, prompt, { randomSeed: 3 });
    assert.equal(stream.prompt, prompt);
    assert.deepEqual(stream.told?.prompt?.ignored, ["qwerty"]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await stream.stop();
  });
  const pieces = messages.map(({ bundle }) =>
    /", (\d+), \d+, "(\w{4})/.exec(bundle["text/html"] ?? "")
  ).filter((found) => found !== null);
  assert.deepEqual(pieces.map(([, index]) => Number(index)), [
    ...pieces.keys(),
  ]);
  assert(pieces.length >= 2, `${pieces.length}`);
  assert(pieces.every(([, , mark]) => mark === btoa("fLaC").slice(0, 4)));
  assert.equal(new Set(messages.map(({ id }) => id)).size, 2);
  const [panel = ""] = texts(messages);
  assert.match(panel, /"qwerty": not understood\n[^]*Random seed: 3\./);
  assert.deepEqual(texts(messages).slice(-2), [`Stopped: ${prompt}`, ""]);
});

Deno.test("playStream() rejects with what keeps it from playing", async () => {
  using generator = await Generator.open(untrainedRemi());
  const options = { sound: { loudnessLufs: 0 } };
  await assert.rejects(playStream(generator, "piano", options), {
    name: "RangeError",
    message: /loudnessLufs must be from -40 to -9/,
  });
});

Deno.test("makePiece() refuses a generator from which a stream plays, and playStream() takes it over", async () => {
  using generator = await Generator.open(untrainedRemi());
  await inKernel(async () => {
    const stream = await playStream(generator, "piano", { randomSeed: 3 });
    const refused = /the stream "piano" plays from this generator/;
    await assert.rejects(makePiece(generator, "pads"), refused);
    const other = await playStream(generator, "pads");
    await stream.ended;
    await assert.rejects(
      makePiece(generator, "pads"),
      /the stream "pads" plays from this generator/,
    );
    await other.stop();
  });
});

Deno.test("a stream's prompt is a text, and set while it plays", async () => {
  using generator = await Generator.open(untrainedRemi());
  const number: unknown = 7;
  await inKernel(async () => {
    const stream = await playStream(generator, "piano", { randomSeed: 3 });
    assert.throws(() => stream.prompt = number as string, {
      message:
        "Cannot follow the prompt: it must be a text, current value is 7.",
    });
    await stream.stop();
    assert.throws(() => stream.prompt = "pads", {
      message: /^Cannot change the prompt: the stream has ended\./,
    });
  });
});

Deno.test("playStream() and makePiece() ask for a generator", async () => {
  const prompt: unknown = "calm";
  const message =
    /^Cannot make music: the first argument must be a generator, current value is "calm"\./;
  await assert.rejects(playStream(prompt as Generator, "calm"), { message });
  await assert.rejects(makePiece(prompt as Generator, "calm"), { message });
});
