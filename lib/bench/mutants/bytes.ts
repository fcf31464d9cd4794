/** Builds the bytes of MIDI files, valid or not, without our own writer. */

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes. */
  put(...bytes: readonly number[]): this {
    return this.append(bytes);
  }

  /** Appends a list of bytes, long ones too. */
  append(bytes: ArrayLike<number>): this {
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
    return this;
  }

  /** Appends a text of ASCII. */
  text(text: string): this {
    return this.append(new TextEncoder().encode(text));
  }

  /** Appends a big-endian number of some bytes. */
  uint(value: number, byteCount: number): this {
    for (let i = byteCount - 1; i >= 0; i--) {
      this.put(Math.floor(value / 256 ** i) % 256);
    }
    return this;
  }

  /** Appends a number of seven bits a byte. */
  variableLength(value: number): this {
    for (const shift of [21, 14, 7]) {
      if (value >= 1 << shift) this.put(value >> shift & 0x7f | 0x80);
    }
    return this.put(value & 0x7f);
  }

  /** What was written. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** The events of a track. */
export class TrackWriter extends ByteWriter {
  /** Appends an event after so many ticks. */
  event(delta: number, ...bytes: readonly number[]): this {
    return this.variableLength(delta).append(bytes);
  }

  /** Appends a meta event. */
  meta(delta: number, type: number, data: ArrayLike<number>): this {
    return this.event(delta, 0xff, type).variableLength(data.length)
      .append(data);
  }

  /** Appends a system exclusive event; the data are those after F0. */
  sysex(delta: number, data: ArrayLike<number>): this {
    return this.event(delta, 0xf0).variableLength(data.length).append(data);
  }

  /** Appends a note. */
  note(
    delta: number,
    length: number,
    { channel = 0, pitch = 60, velocity = 80 } = {},
  ): this {
    return this.event(delta, 0x90 | channel, pitch, velocity)
      .event(length, 0x80 | channel, pitch, 64);
  }

  /** Appends the end of the track. */
  end(delta = 0): this {
    return this.meta(delta, 0x2f, []);
  }
}

/** A file of type, division and tracks. */
export function midiFile(
  format: number,
  division: number,
  ...tracks: readonly ByteWriter[]
): Uint8Array {
  const file = new ByteWriter().text("MThd").uint(6, 4).uint(format, 2)
    .uint(tracks.length, 2).uint(division, 2);
  for (const track of tracks) {
    file.text("MTrk").uint(track.length, 4).append(track.bytes());
  }
  return file.bytes();
}

/** A file in a RIFF RMID chunk. */
export function riffFile(content: Uint8Array): Uint8Array {
  const little = (value: number) =>
    [0, 8, 16, 24].map((shift) => value >>> shift & 0xff);
  const padding = content.length % 2;
  return new ByteWriter().text("RIFF").append(
    little(12 + content.length + padding),
  ).text("RMIDdata").append(little(content.length)).append(content)
    .append(new Uint8Array(padding)).bytes();
}
