"""The peer of the benchmark of music: MidiTok's REMI tokens and a causal
transformer in PyTorch. Reads one JSON command a line, answers with one JSON
object a line.

Commands, in this order:
{"do": "load", "folder": DIR, "meters": [[4, 4], ...]} tokenizes the MIDI files
of DIR/train, DIR/valid and DIR/test, and tells the notes of each test piece;
{"do": "train", "seconds": S, "seed": N} trains for so long, validation included,
and keeps the weights of the best validation;
{"do": "score"} gives the nats of all tokens of the test pieces;
{"do": "sample", "count": N, "seed": N, "folder": DIR} writes N new pieces, each
of as many bars as a training piece."""
import contextlib
import itertools
import json
import math
import os
import random
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import miditok
import torch
from torch import nn
from torch.nn import functional

warnings.simplefilter("ignore")
torch.set_num_threads(os.cpu_count())

# Small batches give more steps in the time, which short runs need most.
CONTEXT, BATCH = 512, 4
LAYERS, HEADS, WIDTH = 4, 4, 256
DROPOUT, RATE, DECAY, CLIP, WARM_UP = 0.1, 1e-3, 0.1, 1.0, 0.05
# Semitones by which training pieces are transposed at random.
LEAST, MOST = -5, 6
TEMPERATURE, TOP_P = 1.0, 0.95
# Validations in a run, if epochs are longer than that.
VALIDATIONS = 12
# Targets that are not counted.
IGNORED = -100


def tokenizer_for(meters):
    """MidiTok's REMI on the grid of Immersic's tokens or a finer one: positions
    12 to a beat, 16 velocities, whole tempi from 10 to 400, all meters of the
    corpus, drums without durations."""
    denominators = {}
    for numerator, denominator in meters:
        denominators.setdefault(denominator, set()).add(numerator)
    return miditok.REMI(miditok.TokenizerConfig(
        pitch_range=(0, 127),
        drums_pitch_range=(0, 127),
        # Lengths as finely as Immersic has them in beats of a quarter, and more
        # finely in beats of an eighth.
        beat_res={(0, 4): 12, (4, 8): 6, (8, 16): 2, (16, 32): 1},
        num_velocities=16,
        special_tokens=["PAD", "BOS", "EOS"],
        use_programs=True,
        one_token_stream_for_programs=True,
        program_changes=True,
        use_pitchdrum_tokens=True,
        use_note_duration_programs=list(range(128)),
        use_tempos=True,
        num_tempos=391,
        tempo_range=(10, 400),
        delete_equal_successive_tempo_changes=True,
        use_time_signatures=True,
        time_signature_range={key: sorted(of) for key, of in denominators.items()},
        delete_equal_successive_time_sig_changes=True,
        remove_duplicated_notes=False,
    ))


class Block(nn.Module):
    """A transformer's layer that normalises first."""

    def __init__(self):
        super().__init__()
        self.norm, self.norm_1 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attention = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.feed = nn.Sequential(
            nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x, cache, start):
        """x [B, T, WIDTH] at the places from start on; cache [2, B, HEADS, CONTEXT,
        WIDTH / HEADS] has the keys and values of the places before, and gets those
        of x."""
        b, t, _ = x.shape
        q, k, v = (
            part.view(b, t, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.attention(self.norm(x)).split(WIDTH, 2)
        )
        if cache is not None:
            cache[0, :, :, start:start + t], cache[1, :, :, start:start + t] = k, v
            k, v = cache[:, :, :, :start + t]
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
        x = x + self.dropout(self.out(y.transpose(1, 2).reshape(b, t, WIDTH)))
        return x + self.dropout(self.feed(self.norm_1(x)))


class Transformer(nn.Module):
    """A causal transformer with learnt places and tied embeddings."""

    def __init__(self, vocabulary):
        super().__init__()
        self.token = nn.Embedding(vocabulary, WIDTH)
        self.place = nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm, self.dropout = nn.LayerNorm(WIDTH), nn.Dropout(DROPOUT)
        self.head = nn.Linear(WIDTH, vocabulary, bias=False)
        self.head.weight = self.token.weight
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                small = name.endswith(("out.weight", "feed.2.weight"))
                nn.init.normal_(weight, std=0.02 / (math.sqrt(2 * LAYERS) if small else 1))
            elif name.endswith("bias"):
                nn.init.zeros_(weight)

    def forward(self, ids, caches=None, start=0):
        """Logits [B, T, V] of the ids after ids [B, T], which are at the places
        from start on."""
        places = torch.arange(start, start + ids.shape[1])
        x = self.dropout(self.token(ids) + self.place(places))
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[i], start)
        return self.head(self.norm(x))


class State:
    """What one command leaves to the next."""


state = State()


def ids_of(file):
    encoded = state.tokenizer.encode(file)
    sequence = encoded[0] if isinstance(encoded, list) else encoded
    return torch.tensor([state.bos, *sequence.ids, state.eos])


def load(folder, meters):
    state.tokenizer = tokenizer_for(meters)
    vocabulary = state.tokenizer.vocab
    state.bos, state.eos = vocabulary["BOS_None"], vocabulary["EOS_None"]
    state.pieces = {
        split: [ids_of(file) for file in sorted((Path(folder) / split).glob("*.mid"))]
        for split in ("train", "valid", "test")
    }
    state.is_note = torch.zeros(len(vocabulary), dtype=torch.bool)
    state.transpositions = {
        semitones: torch.arange(len(vocabulary)) for semitones in range(LEAST, MOST + 1)
    }
    for token, id in vocabulary.items():
        kind, value = token.split("_")[:2]
        state.is_note[id] = kind in ("Pitch", "PitchDrum")
        if kind == "Pitch":
            for semitones, table in state.transpositions.items():
                table[id] = vocabulary.get(f"Pitch_{int(value) + semitones}", -1)
    return {
        "vocabulary": len(vocabulary),
        "tokens": {split: tokens_in(pieces) for split, pieces in state.pieces.items()},
        "notes": [notes_in([ids]) for ids in state.pieces["test"]],
    }


def tokens_in(pieces):
    """Tokens that are predicted: all but the first of each piece."""
    return sum(len(ids) - 1 for ids in pieces)


def notes_in(pieces):
    return sum(int(state.is_note[ids].sum()) for ids in pieces)


def transposed(ids, semitones):
    """The piece as it is where it would leave the range of pitches."""
    moved = state.transpositions[semitones][ids]
    return ids if (moved < 0).any() else moved


def batches(rng):
    """An epoch: the pieces in random order, each randomly transposed, end to end,
    cut into windows, and these in random order."""
    pieces = list(state.pieces["train"])
    rng.shuffle(pieces)
    stream = torch.cat([transposed(ids, rng.randint(LEAST, MOST)) for ids in pieces])
    length = min(CONTEXT + 1, len(stream))
    first = rng.randrange(min(CONTEXT, len(stream) - length + 1))
    starts = list(range(first, len(stream) - length + 1, CONTEXT))
    rng.shuffle(starts)
    for i in range(0, len(starts), BATCH):
        yield torch.stack([stream[at:at + length] for at in starts[i:i + BATCH]])


def precision(name):
    if name == "bfloat16":
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def loss_of(model, batch, name):
    with precision(name):
        logits = model(batch[:, :-1])
    return functional.cross_entropy(
        logits.float().flatten(0, 1), batch[:, 1:].flatten()
    )


def fastest_precision(model, batch):
    """The faster of the two, on a few steps that learn nothing."""
    seconds = {}
    for name in ("float32", "bfloat16"):
        for i in range(3):
            begun = time.perf_counter()
            loss_of(model, batch, name).backward()
            if i > 0:
                seconds[name] = seconds.get(name, 0) + time.perf_counter() - begun
    model.zero_grad(set_to_none=True)
    return min(seconds, key=seconds.get)


def windows_of(ids):
    """Windows of a piece, and how many tokens at the start of each are context
    only: every token is predicted once, from at least half a context."""
    predicted, at = 0, 0
    while predicted < len(ids) - 1:
        end = min(at + CONTEXT, len(ids) - 1)
        yield ids[at:end + 1], predicted - at
        predicted, at = end, end - CONTEXT // 2


@torch.inference_mode()
def nats_of(pieces):
    """Nats of all tokens of pieces after the first of each."""
    model, nats = state.model.eval(), 0.0
    windows = sorted((w for ids in pieces for w in windows_of(ids)), key=lambda w: len(w[0]))
    for i in range(0, len(windows), BATCH):
        chosen = windows[i:i + BATCH]
        batch = nn.utils.rnn.pad_sequence([ids for ids, _ in chosen], batch_first=True)
        targets = batch[:, 1:].clone()
        for row, (ids, known) in enumerate(chosen):
            targets[row, :known] = targets[row, len(ids) - 1:] = IGNORED
        with precision(state.precision):
            logits = model(batch[:, :-1])
        nats += functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(),
            ignore_index=IGNORED, reduction="sum",
        ).item()
    return nats


def rate_at(share):
    """The learning rate when this share of the time has gone."""
    if share < WARM_UP:
        return RATE * max(share, WARM_UP / 100) / WARM_UP
    done = min(1, (share - WARM_UP) / (1 - WARM_UP))
    return RATE * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)


class Best:
    """Validates, and keeps the weights of the best validation."""

    def __init__(self):
        self.nats, self.weights, self.index, self.history = math.inf, None, 0, []

    def validate(self, **figures):
        pieces = state.pieces["valid"]
        valid = nats_of(pieces) / max(1, notes_in(pieces))
        self.history.append({**figures, "validNatsPerNote": valid})
        # Without validation pieces the last is the best.
        if valid <= self.nats:
            self.nats, self.index = valid, len(self.history)
            self.weights = {k: v.clone() for k, v in state.model.state_dict().items()}
        state.model.train()


def optimizer_of(model):
    matrices = [weight for weight in model.parameters() if weight.dim() > 1]
    others = [weight for weight in model.parameters() if weight.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": DECAY},
        {"params": others, "weight_decay": 0},
    ]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.95))


def endless_batches(rng):
    """Epochs without end: the number of finished ones with each batch."""
    for epochs in itertools.count():
        for batch in batches(rng):
            yield epochs, batch


def train(seconds, seed):
    torch.manual_seed(seed)
    rng, best = random.Random(seed), Best()
    model = state.model = Transformer(len(state.tokenizer.vocab))
    optimizer = optimizer_of(model)
    state.precision = fastest_precision(model, next(batches(random.Random(seed))))
    begun, worked = time.perf_counter(), time.process_time()
    # The first validation shows how much time to leave for the last one.
    best.validate(seconds=0, epochs=0, steps=0)
    reserve = time.perf_counter() - begun
    every, validated = max(seconds / VALIDATIONS, 5 * reserve), time.perf_counter()
    losses = []
    for steps, (epochs, batch) in enumerate(endless_batches(rng)):
        share = (time.perf_counter() - begun) / max(1e-9, seconds - reserve)
        is_over = share >= 1 and steps > 0
        if is_over or time.perf_counter() - validated > every:
            best.validate(
                seconds=time.perf_counter() - begun, epochs=epochs, steps=steps,
                trainLoss=sum(losses) / len(losses),
            )
            losses, validated = [], time.perf_counter()
        if is_over:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate_at(share)
        loss = loss_of(model, batch, state.precision)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        losses.append(loss.item())
    spent, worked = time.perf_counter() - begun, time.process_time() - worked
    model.load_state_dict(best.weights)
    return {
        "weights": sum(weight.numel() for weight in model.parameters()),
        "seconds": spent, "cpuSeconds": worked, "epochs": epochs, "steps": steps,
        "precision": state.precision, "best": best.index, "history": best.history,
    }


def score():
    pieces = state.pieces["test"]
    return {
        "nats": nats_of(pieces), "tokens": tokens_in(pieces), "notes": notes_in(pieces),
    }


def drawn(logits):
    """Ids drawn from the likeliest that have a probability of TOP_P together."""
    probabilities, order = torch.softmax(logits / TEMPERATURE, 1).sort(1, descending=True)
    before = probabilities.cumsum(1) - probabilities
    probabilities[before >= TOP_P] = 0
    return order.gather(1, torch.multinomial(probabilities, 1))[:, 0]


@torch.inference_mode()
def sample(count, seed, folder):
    # Steps so small are slower where threads have to wait for each other.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, vocabulary = state.model.eval(), state.tokenizer.vocab
    bar = vocabulary["Bar_None"]
    never = [vocabulary["PAD_None"], state.bos, state.eos]
    patterns = random.Random(seed).choices(state.pieces["train"], k=count)
    # A piece ends where its next bar would begin, or when it is far too long.
    bars = [int((ids == bar).sum()) for ids in patterns]
    longest = [1.5 * len(ids) for ids in patterns]
    rows = [[state.bos] for _ in patterns]
    active = list(range(count))
    while active:
        # What is beyond the context is forgotten, half a context at a time.
        ids = torch.tensor([rows[i][-(CONTEXT // 2):] for i in active])
        caches = torch.empty(LAYERS, 2, len(active), HEADS, CONTEXT, WIDTH // HEADS)
        logits, at = model(ids, caches)[:, -1], ids.shape[1]
        finished = set()
        while at < CONTEXT and len(finished) < len(active):
            logits[:, never] = -math.inf
            ids = drawn(logits)
            for i, id in zip(active, ids.tolist()):
                if i in finished:
                    continue
                whole = id == bar and rows[i].count(bar) == bars[i]
                if whole or len(rows[i]) > longest[i]:
                    finished.add(i)
                else:
                    rows[i].append(id)
            logits, at = model(ids[:, None], caches, at)[:, -1], at + 1
        active = [i for i in active if i not in finished]
    for i, ids in enumerate(rows):
        piece = state.tokenizer.decode(miditok.TokSequence(ids=ids[1:]))
        piece.dump_midi(Path(folder) / f"{i:04}.mid")
    return {"tokens": tokens_in(rows)}


VERBS = {"load": load, "train": train, "score": score, "sample": sample}
VERSION = f"MidiTok {version('miditok')}, PyTorch {torch.__version__}"
print(json.dumps({"ready": "music", "version": VERSION}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = VERBS[command.pop("do")](**command)
    except Exception as error:  # told to whoever asked
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), flush=True)
