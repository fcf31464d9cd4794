/** What a browser runs to play a stream. */

/**
 * JavaScript of a function that takes a piece of a stream and plays it right after
 * those before it. It takes the stream's id, the index of the piece, when it was sent
 * in ms since 1970, and its bytes as base64.
 */
export const addPiece = `(id, index, sentMs, base64) => {
  // A notebook that is opened again is not to play what it played once.
  if (Math.abs(Date.now() - sentMs) > 600_000) return;
  const streams = window.immersicStreams ??= {};
  const stream = streams[id] ??= {
    // At the rate of the sound, so that pieces meet at a sample.
    context: new AudioContext({ sampleRate: 44100 }),
    index: -1,
    end: 0,
    added: Promise.resolve(),
  };
  // Some front ends run the scripts of an output again.
  if (index <= stream.index) return;
  stream.index = index;
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  stream.added = stream.added.then(async () => {
    const { context } = stream;
    const buffer = await context.decodeAudioData(bytes.buffer);
    // While it pauses, a minute is kept.
    if (stream.end - context.currentTime > 60) return;
    const soon = Math.ceil((context.currentTime + 0.2) * 44100) / 44100;
    if (stream.end < context.currentTime) stream.end = soon;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(stream.end);
    stream.end += buffer.length / 44100;
  });
}`;

/** JavaScript of a function that makes a button pause a stream and play it on. */
export const connectButton = `(id) => {
  const button = document.querySelector('[data-stream="' + id + '"]');
  if (!button) return;
  const show = (state) => {
    button.textContent = state === "running" ? "Pause" : "Play";
  };
  button.onclick = async () => {
    const { context } = window.immersicStreams?.[id] ?? {};
    if (!context) return;
    await (context.state === "running" ? context.suspend() : context.resume());
    show(context.state);
  };
  const known = setInterval(() => {
    const { context } = window.immersicStreams?.[id] ?? {};
    if (context) show(context.state);
    if (context?.state === "running" || !button.isConnected) clearInterval(known);
  }, 200);
}`;
