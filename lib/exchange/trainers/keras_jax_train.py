"""Trains the network of this folder with Keras on JAX, in as many processes as there
are told of: python train.py, or on each host

    COORDINATOR=HOST:PORT PROCESSES=2 PROCESS=0 python train.py

with PROCESS from 0 up, and HOST that of process 0. See README.md."""
import argparse
import io
import json
import os
import time
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
import jax

COUNT, OWN = int(os.environ.get("PROCESSES", 1)), int(os.environ.get("PROCESS", 0))
if COUNT > 1:
    jax.distributed.initialize(os.environ["COORDINATOR"], COUNT, OWN)
import keras
import numpy as np

from data import BATCH, CONFIG, EXPORTED, FOLDER, RUN, STEPS, TOKENS, Split, targets_in

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=CONFIG["epochs"])
EPOCHS = parser.parse_args().epochs
PATH = lambda name: os.path.join(FOLDER, name)
DEVICES = keras.distribution.list_devices()
if BATCH % len(DEVICES):
    raise SystemExit(f"Cannot train: the {BATCH} rows of a batch must be divided among {len(DEVICES)} devices.")
keras.distribution.set_distribution(keras.distribution.DataParallel(devices=DEVICES, auto_shard_dataset=False))
keras.utils.set_random_seed(abs(CONFIG["seed"]))


def batch(split, windows):
    """This process's rows of a batch: inputs [b, T, F], and targets, -1 for none."""
    rows = BATCH // COUNT
    ids, targets, _ = split.read(windows[OWN * rows:(OWN + 1) * rows])
    if CONFIG["input"] == "scalar":
        return (ids / TOKENS).astype("float32")[..., None], targets
    return np.eye(TOKENS, dtype="float32")[ids], targets


def accuracy(targets, logits):
    counted = targets >= 0
    hits = counted & (keras.ops.argmax(logits, -1) == keras.ops.cast(targets, "int32"))
    return keras.ops.sum(keras.ops.cast(hits, "float32")) / keras.ops.sum(keras.ops.cast(counted, "float32"))


def begin():
    """The network without its softmax, for the loss takes logits."""
    layers = keras.models.load_model(PATH("initial.keras")).layers
    net = keras.Sequential([keras.Input((STEPS, EXPORTED["inputSize"])), *layers[:-1]])
    rate = CONFIG["learningRate"]
    if CONFIG["schedule"] == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, EPOCHS * len(Split("train-1")), alpha=0.01)
    common = {"global_clipnorm": CONFIG["clipNorm"] or None}
    optimizer = {
        "adam": lambda: keras.optimizers.AdamW(rate, CONFIG["weightDecay"], **common),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate, **common),
        "sgd": lambda: keras.optimizers.SGD(rate, weight_decay=CONFIG["weightDecay"] or None, **common),
    }[CONFIG["optimizer"]]()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    net.compile(optimizer, loss, metrics=[accuracy])
    return net


@jax.jit
def blend(average, weights, keep):
    return [a + (1 - keep) * (w - a) for a, w in zip(average, weights)]


def run_epoch(split, epoch=None):
    """Mean loss and accuracy of all targets; trains if it is an epoch, and keeps the average."""
    global average
    sums, total = np.zeros(2), 0
    for windows in split.batches(epoch):
        step = net.test_on_batch if epoch is None else net.train_on_batch
        logs, count = step(*batch(split, windows), return_dict=True), targets_in(windows)
        sums, total = sums + count * np.array([float(logs["loss"]), float(logs["accuracy"])]), total + count
        if epoch is not None:
            steps = int(net.optimizer.iterations)
            keep = min(CONFIG["averageDecay"], (1 + steps) / (10 + steps)) if CONFIG["averageDecay"] else 0.0
            average = blend(average, [variable.value for variable in net.trainable_variables], keep)
    return sums / total if total else None


def values(variables):
    return [np.asarray(variable) for variable in variables]


def assign(net, weights):
    for variable, value in zip(net.trainable_variables, weights):
        variable.assign(value)


def write(name, net, **entries):
    """A .keras with entries of bytes or JSON in it; whole, or not at all.

    Every process saves, for saving makes values; that of process 0 is kept."""
    path = PATH(f"{name}.tmp{OWN}.keras")
    net.save(path)
    if OWN != 0:
        os.remove(path)
        return
    with zipfile.ZipFile(path, "a") as file:
        for title, entry in entries.items():
            is_bytes = isinstance(entry, bytes)
            file.writestr(title + (".npz" if is_bytes else ".json"), entry if is_bytes else json.dumps(entry))
    os.replace(path, PATH(name + ".keras"))


def packed(arrays):
    file = io.BytesIO()
    np.savez(file, *arrays)
    return file.getvalue()


epoch, history = RUN["epoch"], list(RUN["history"])
if os.path.exists(PATH("state.keras")):  # training was interrupted
    net = keras.models.load_model(PATH("state.keras"), custom_objects={"accuracy": accuracy})
    with zipfile.ZipFile(PATH("state.keras")) as file:
        history = json.loads(file.read("history.json"))
        arrays = lambda title: np.load(io.BytesIO(file.read(title))).values()
        average = list(arrays("average.npz"))
        # A .keras has the seed of the dropout, but not how many masks were drawn.
        for variable, value in zip(net.non_trainable_variables, arrays("drawn.npz")):
            variable.assign(value)
    epoch = history[-1]["epoch"]
else:
    net = begin()
    average = values(net.trainable_variables)
# In every process, for each value that is made must be made in all of them.
whole = keras.Sequential([
    keras.Input((STEPS, EXPORTED["inputSize"])), *net.layers, keras.layers.Activation("softmax"),
])
while epoch < EPOCHS:
    epoch, begun = epoch + 1, time.time()
    loss, hits = run_epoch(Split(f"train-{(epoch - 1) % EXPORTED['passes'] + 1}"), epoch)
    result = {"epoch": epoch, "step": int(net.optimizer.iterations), "trainLoss": loss, "trainAccuracy": hits}
    own = values(net.trainable_variables)
    assign(net, values(average))
    valid = run_epoch(Split("valid"))
    if valid is not None:
        result.update(validLoss=valid[0], validAccuracy=valid[1])
    history.append({**result, "seconds": time.time() - begun})
    best = min(history, key=lambda one: one.get("validLoss", one["trainLoss"]))["epoch"]
    if OWN == 0:
        print(json.dumps(history[-1]), flush=True)
    run = {**RUN, "config": {**CONFIG, "epochs": EPOCHS}, "epoch": epoch, "history": history}
    for name in ["trained", "best"][:2 if best == epoch else 1]:
        write(name, whole, immersic=run)
    assign(net, own)
    drawn = packed(values(net.non_trainable_variables))
    write("state", net, history=history, average=packed(values(average)), drawn=drawn)
    if CONFIG["patience"] and epoch - best >= CONFIG["patience"]:
        break
