/**
 * What each part has played: the pitches of its last moments, and what followed
 * when it last played the same run of notes.
 */

/** Notes of a part that are remembered. */
const NOTES_KEPT = 256;
/** Longest run of notes that is compared. */
const LONGEST_RUN = 8;

/** Pitches that a part begins at once, rising. */
export class Moment {
  /** How many there are. */
  count = 0;
  readonly pitches = new Int16Array(128);

  /** Adds a pitch. */
  add(pitch: number): void {
    if (this.count < this.pitches.length) this.pitches[this.count++] = pitch;
  }

  /** Takes over another moment. */
  copy(other: Moment): void {
    this.count = other.count;
    for (let i = 0; i < other.count; i++) this.pitches[i] = other.pitches[i]!;
  }
}

/** The line of one part. */
export class PartLine {
  /** Notes so far. */
  count = 0;
  /** Step of the last moment; −1 before the first. */
  lastStep = -1;
  /** Ids of the last velocity and duration; −1 before the first. */
  velocityId = -1;
  durationId = -1;
  /** Step at which the last moment's notes have ended. */
  end = 0;
  /** Moments that began while notes of the moment before still sounded. */
  overlaps = 0;
  /** Pitches of the moment at `lastStep`, and of the one before it, rising. */
  moment = new Moment();
  before = new Moment();
  readonly #pitches = new Int16Array(NOTES_KEPT);
  /** What followed the run that equals the last notes, and the run's length. */
  followingPitch = -1;
  followingRun = 0;
  /** The same for a run of equal intervals. */
  movingPitch = -1;
  movingRun = 0;

  /** Adds a note. */
  add(step: number, pitch: number): void {
    if (step !== this.lastStep) {
      if (step < this.end) this.overlaps++;
      const { before } = this;
      this.before = this.moment;
      this.moment = before;
      before.count = 0;
      this.lastStep = step;
    }
    this.moment.add(pitch);
    this.#pitches[this.count++ % NOTES_KEPT] = pitch;
    this.#match();
  }

  /** Lengthens the last moment to a step. */
  holdUntil(step: number): void {
    this.end = Math.max(this.end, step);
  }

  /** The pitch `back` notes ago, 0 for the last one; −1 before the first. */
  pitch(back: number): number {
    const index = this.count - 1 - back;
    return index < 0 || back >= NOTES_KEPT
      ? -1
      : this.#pitches[index % NOTES_KEPT]!;
  }

  /** Finds the latest of the longest earlier runs that equal the last notes. */
  #match(): void {
    const known = Math.min(this.count, NOTES_KEPT) - 1;
    this.followingRun = this.movingRun = 0;
    this.followingPitch = this.movingPitch = -1;
    const last = this.pitch(0);
    for (let back = 1; back < known; back++) {
      let run = 0, moved = 0;
      while (
        run < LONGEST_RUN && back + run <= known &&
        this.pitch(run) === this.pitch(back + run)
      ) run++;
      if (run > this.followingRun) {
        this.followingRun = run;
        this.followingPitch = this.pitch(back - 1);
      }
      const offset = last - this.pitch(back);
      while (
        moved < LONGEST_RUN && back + moved <= known &&
        this.pitch(moved) === this.pitch(back + moved) + offset
      ) moved++;
      if (moved > this.movingRun) {
        this.movingRun = moved;
        this.movingPitch = this.pitch(back - 1) + offset;
      }
      if (this.followingRun === LONGEST_RUN) break;
    }
  }

  /** Takes over another line. */
  copy(other: PartLine): void {
    this.count = other.count;
    this.lastStep = other.lastStep;
    this.end = other.end;
    this.overlaps = other.overlaps;
    this.velocityId = other.velocityId;
    this.durationId = other.durationId;
    this.moment.copy(other.moment);
    this.before.copy(other.before);
    this.#pitches.set(other.#pitches);
    this.followingPitch = other.followingPitch;
    this.followingRun = other.followingRun;
    this.movingPitch = other.movingPitch;
    this.movingRun = other.movingRun;
  }
}
