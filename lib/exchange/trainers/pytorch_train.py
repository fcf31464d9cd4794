"""Trains the network of this folder with PyTorch, in as many processes as torchrun
begins: python train.py, or torchrun --nproc-per-node 2 train.py. See README.md."""
import argparse
import copy
import json
import math
import os
import time

import torch
import torch.distributed as dist
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from data import BATCH, CONFIG, EXPORTED, FOLDER, RUN, Split, targets_in
from network import Immersic, drop, inputs

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=CONFIG["epochs"])
parser.add_argument("--float64", action="store_true", help="the same losses in any number of processes")
EPOCHS, IN_DOUBLE = vars(parser.parse_args()).values()
if IN_DOUBLE:
    torch.set_default_dtype(torch.float64)
PARALLEL = "RANK" in os.environ  # set by torchrun
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
GPU = torch.cuda.is_available()
DEVICE = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if GPU else torch.device("cpu")
PATH = lambda name: os.path.join(FOLDER, name)
if BATCH % WORLD:
    raise SystemExit(f"Cannot train: the {BATCH} rows of a batch must be divided among {WORLD} processes.")
if PARALLEL:
    dist.init_process_group("nccl" if GPU else "gloo")

net = Immersic().to(DEVICE)
net.load_state_dict(load_file(PATH("initial.safetensors")))
learnt = [weight for weight in net.parameters() if weight.requires_grad]
rate, decay = CONFIG["learningRate"], CONFIG["weightDecay"]
optimizer = {
    "adam": lambda: torch.optim.AdamW(learnt, rate, eps=1e-7, weight_decay=decay),
    "rmsprop": lambda: torch.optim.RMSprop(learnt, rate, alpha=0.9, eps=1e-7),
    "sgd": lambda: torch.optim.SGD(learnt, rate, weight_decay=decay),
}[CONFIG["optimizer"]]()
average = copy.deepcopy(net.state_dict())
epoch, step, history = RUN["epoch"], 0, list(RUN["history"])
if os.path.exists(PATH("state.pt")):  # training was interrupted
    state = torch.load(PATH("state.pt"), map_location=DEVICE)
    net.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    average, epoch, step, history = (state[name] for name in ["average", "epoch", "step", "history"])
model = DistributedDataParallel(net) if PARALLEL else net


def predict(split, windows, states, run, dropout=False):
    """Sum of the losses of this process's rows, targets hit, and the states after."""
    mine = windows[RANK::WORLD]
    ids, targets, shown = split.read(mine)
    move = lambda array: torch.from_numpy(array).to(DEVICE)
    shown = {part: tuple(map(move, both)) for part, both in shown.items()}
    x, targets = inputs(move(ids), shown), move(targets)
    if dropout and CONFIG["dropout"]:
        x = drop(x, CONFIG["dropout"], CONFIG["seed"] * 1_000_003 + step, RANK, WORLD)
    keep = torch.from_numpy(1 - mine[:, 2].astype("float32")).to(DEVICE).view(1, -1, 1)
    states = [state and tuple(part.detach() * keep for part in state) for state in states]
    logits, states = run(x, states, shown.get("relations"))
    logits, targets = logits.flatten(0, -2), targets.flatten()
    smoothing = CONFIG["labelSmoothing"] if dropout else 0
    loss = cross_entropy(logits, targets, reduction="sum", ignore_index=-1, label_smoothing=smoothing)
    return loss, (logits.argmax(-1) == targets).sum(), states


def mean(sums, count):
    """Sums of all processes, for each target."""
    if PARALLEL:
        dist.all_reduce(sums)
    return (sums / max(count, 1)).tolist()


def train(epoch):
    global step
    split = Split(f"train-{(epoch - 1) % EXPORTED['passes'] + 1}")
    sums, total, states = torch.zeros(2, dtype=torch.double, device=DEVICE), 0, [None] * 3
    for i, windows in enumerate(split.batches(epoch)):
        step, count = step + 1, targets_in(windows)
        if CONFIG["schedule"] == "cosine":
            done = (epoch - 1 + i / len(split)) / EPOCHS
            optimizer.param_groups[0]["lr"] = rate * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)
        optimizer.zero_grad()
        loss, hits, after = predict(split, windows, states, model, dropout=True)
        (loss * WORLD / count).backward()  # the mean over processes is that over all targets
        if CONFIG["clipNorm"]:
            torch.nn.utils.clip_grad_norm_(learnt, CONFIG["clipNorm"])
        optimizer.step()
        if CONFIG["carry"]:
            states = after
        sums, total = sums + torch.stack([loss.detach(), hits]), total + count
        keep = min(CONFIG["averageDecay"], (1 + step) / (10 + step)) if CONFIG["averageDecay"] else 0
        for name, weight in net.state_dict().items():
            average[name].lerp_(weight, 1 - keep)
    return mean(sums, total)


@torch.no_grad()
def validate():
    split, states = Split("valid"), [None] * 3
    sums, total = torch.zeros(2, dtype=torch.double, device=DEVICE), 0
    run = lambda *given: torch.func.functional_call(net, average, given)
    for windows in split.batches():
        loss, hits, states = predict(split, windows, states, run)
        sums, total = sums + torch.stack([loss, hits]), total + targets_in(windows)
    return mean(sums, total) if total else None


def write(name, save):
    """Whole, or not at all."""
    save(PATH(name) + ".tmp")
    os.replace(PATH(name) + ".tmp", PATH(name))


def loss_of(result):
    return result.get("validLoss", result["trainLoss"])


while epoch < EPOCHS:
    epoch, begun = epoch + 1, time.time()
    loss, accuracy = train(epoch)
    result = {"epoch": epoch, "step": step, "trainLoss": loss, "trainAccuracy": accuracy}
    valid = validate()
    if valid:
        result.update(validLoss=valid[0], validAccuracy=valid[1])
    history.append({**result, "seconds": time.time() - begun})
    best = min(history, key=loss_of)["epoch"]
    if RANK == 0:
        print(json.dumps(history[-1]), flush=True)
        run = json.dumps({**RUN, "config": {**CONFIG, "epochs": EPOCHS}, "epoch": epoch, "history": history})
        for name in ["trained", "best"][:2 if best == epoch else 1]:
            save = lambda path: save_file({name: weight.float() for name, weight in average.items()}, path, {"format": "pt", "immersic": run})
            write(f"{name}.safetensors", save)
        state = {"network": net.state_dict(), "optimizer": optimizer.state_dict(), "average": average}
        write("state.pt", lambda path: torch.save({**state, "epoch": epoch, "step": step, "history": history}, path))
    if CONFIG["patience"] and epoch - best >= CONFIG["patience"]:
        break
if PARALLEL:
    dist.destroy_process_group()
