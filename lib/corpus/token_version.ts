/**
 * Version of what reading makes of a MIDI file: its tokens, its description, why
 * it is refused. Raise it when any of these changes, so that `preprocess` reads
 * files anew that it knows from an earlier run; the test beside this file fails
 * until that is done.
 */
export const TOKEN_VERSION = 1;
