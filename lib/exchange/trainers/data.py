"""The exported data, from memory-mapped arrays: N tokens, W windows, batch by batch.

tokens.npy   [N]     ids of all pieces, one after the other
windows.npy  [W, 3]  a row of a batch: its first token, number of tokens, and
                     whether its states begin at zero
features.npy, features_offsets.npy [N + 1]    which features are given at a token
relations.npy, relations_offsets.npy [N + 1]  which relation holds for which token
                     that may follow, as token + 65536 * relation
"""
import json
import os

import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(FOLDER, "run.json")) as file:
    EXPORTED = json.load(file)
RUN, TOKENS = EXPORTED["run"], EXPORTED["tokens"]
CONFIG = RUN["config"]
STEPS, BATCH, EVERY = CONFIG["sequenceLength"], CONFIG["batchSize"], CONFIG["objective"] == "every"


class Split:
    """Training pieces of a pass, "train-1", or the validation pieces, "valid"."""

    def __init__(self, name):
        def array(part):
            return np.load(os.path.join(FOLDER, "data", name, part + ".npy"), mmap_mode="r")

        self.tokens, self.windows = array("tokens"), array("windows")
        self.shown = {
            part: (array(part), array(part + "_offsets"))
            for part in (["features", "relations"] if CONFIG["input"] == "context" else [])
        }

    def __len__(self):
        return len(self.windows) // BATCH

    def batches(self, epoch=None):
        """The windows of each batch; shuffled by the epoch's number, unless states are carried."""
        order = np.arange(len(self.windows))
        if epoch is not None and not CONFIG["carry"]:
            np.random.default_rng([abs(CONFIG["seed"]), epoch]).shuffle(order)
        for i in range(len(self)):
            yield self.windows[order[i * BATCH:(i + 1) * BATCH]]

    def read(self, windows):
        """Ids [b, T], targets [b, T] or [b] (-1: none), and (row of b*T, value) of what is shown."""
        ids = np.zeros((len(windows), STEPS), np.int64)
        targets = np.full(ids.shape if EVERY else len(windows), -1, np.int64)
        shown = {part: ([], []) for part in self.shown}
        for row, (start, count, _) in enumerate(windows.astype(np.int64)):
            at = 0 if EVERY else STEPS - count  # padded at its end, or at its beginning
            ids[row, at:at + count] = self.tokens[start:start + count]
            if EVERY:
                targets[row, :count] = self.tokens[start + 1:start + count + 1]
            elif count:
                targets[row] = self.tokens[start + count]
            for part, (values, offsets) in self.shown.items():
                ends = np.asarray(offsets[start:start + count + 1])
                shown[part][0].append(np.repeat(row * STEPS + at + np.arange(count), np.diff(ends)))
                shown[part][1].append(values[ends[0]:ends[-1]])
        join = lambda parts: np.concatenate(parts).astype(np.int64)
        return ids, targets, {part: (join(rows), join(values)) for part, (rows, values) in shown.items()}


def targets_in(windows):
    """How many tokens of a batch are predicted."""
    return int(windows[:, 1].sum() if EVERY else (windows[:, 1] > 0).sum())
