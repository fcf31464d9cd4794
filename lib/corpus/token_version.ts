/**
 * Version of the results of reading a MIDI file: its tokens, its description, the
 * reason to refuse it. Raise it when any of these changes, so that `preprocess`
 * reads files of an earlier run again; the test beside this file fails until you
 * do.
 */
export const TOKEN_VERSION = 3;
