/** What a browser runs to play a loop without a gap. */

/**
 * JavaScript of a function that makes a button play and stop a loop. An `<audio>`
 * pauses at the end of a file; Web Audio goes on with the next sample.
 *
 * It takes the element with the button in it, and a function that promises the bytes
 * of the sound.
 */
export const loopScript = `(root, load) => {
  const button = root.querySelector("button");
  const label = button.textContent;
  let context, buffer, source;
  button.onclick = async () => {
    if (source) {
      source.stop();
      source = undefined;
      button.textContent = label;
      return;
    }
    button.disabled = true;
    // At the rate of the file, so that its end meets its beginning at a sample.
    context ??= new AudioContext({ sampleRate: 44100 });
    await context.resume();
    try {
      buffer ??= await context.decodeAudioData(await load());
    } catch {
      // A page that is a file may not read the file beside it; its player may.
      button.disabled = false;
      root.querySelector("audio").play();
      return;
    }
    source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(context.destination);
    source.start();
    button.disabled = false;
    button.textContent = "Stop";
  };
}`;
