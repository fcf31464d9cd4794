import assert from "node:assert/strict";
import { MidiError, readMidi, writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import { COLLECTIONS, hasCollection, someFiles } from "./real_files.ts";

/** What is to come back: all but the numbers of the tracks. */
const withoutTracks = (sequence: NoteSequence) => ({
  ...sequence,
  parts: sequence.parts.map(({ track: _, ...part }) => part),
});

for (const collection of Object.keys(COLLECTIONS)) {
  const isHere = await hasCollection(collection);
  Deno.test({
    name: isHere
      ? `writeMidi() keeps what readMidi() reads of ${collection}`
      : `writeMidi() is not tried on ${collection}, which ../shared has not`,
    ignore: !isHere,
    async fn() {
      for (const { name, bytes } of await someFiles(collection, 200)) {
        let sequence: NoteSequence;
        try {
          ({ sequence } = readMidi(bytes, { file: name }));
        } catch (error) {
          assert.ok(error instanceof MidiError, name);
          continue;
        }
        const again = readMidi(writeMidi(sequence));
        assert.deepEqual(again.repairs, [], name);
        assert.deepEqual(
          withoutTracks(again.sequence),
          withoutTracks(sequence),
          name,
        );
      }
    },
  });
}
