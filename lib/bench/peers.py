"""The peers of the benchmarks: the original Immersic network in PyTorch and in
Keras. Reads one JSON command a line, answers with one JSON object a line.

    python peers.py torch|keras UNITS STEPS CLASSES [cpu|cuda]

On cuda, for PyTorch only, LSTM layers are cuDNN's.

Commands: {"do": "steps", "n": N} times N training steps, in milliseconds;
{"do": "predict", "n": N} times N tokens of the original's generating loop;
{"do": "train", "data": FILE, "epochs": N, "target": LOSS} trains the original
recipe until its training loss is reached and tells the seconds;
{"do": "load", "folder": CHECKPOINT, "ids": [...]} gives the probabilities after
each id by a model with the weights that Immersic saved."""
import json
import os
import sys
import time

PEER, UNITS, STEPS, CLASSES = sys.argv[1], *map(int, sys.argv[2:5])
DEVICE = sys.argv[5] if len(sys.argv) > 5 else "cpu"
BATCH, DENSE, THREADS = 64, 64, os.cpu_count()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
if DEVICE == "cpu":
    os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np

rng = np.random.default_rng(1)


def random_batch(n=BATCH):
    x = rng.random((n, STEPS, 1), dtype=np.float32)
    return x, rng.integers(0, CLASSES, n)


def torch_peer():
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)

    class Immersic(nn.Module):
        def __init__(self):
            super().__init__()
            self.dropout = nn.Dropout(0.2)
            self.lstm = nn.LSTM(1, UNITS, batch_first=True)
            self.dense = nn.Linear(UNITS, DENSE)
            self.dense_1 = nn.Linear(DENSE, DENSE)
            self.lstm_1 = nn.LSTM(DENSE, UNITS, batch_first=True)
            self.dense_2 = nn.Linear(UNITS, DENSE)
            self.lstm_2 = nn.LSTM(DENSE, UNITS, batch_first=True)
            self.dense_3 = nn.Linear(UNITS, CLASSES)

        def forward(self, x):
            x, _ = self.lstm(self.dropout(x))
            x, _ = self.lstm_1(self.dense_1(self.dense(x)))
            x, _ = self.lstm_2(self.dense_2(x))
            return self.dense_3(x[:, -1])

    model = Immersic().to(DEVICE)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9)
    x, y = (torch.from_numpy(a).to(DEVICE) for a in random_batch())

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        # On a card a step is done when its loss and its weights are there.
        if DEVICE != "cpu":
            loss.item()
            torch.cuda.synchronize()

    card = f", {torch.cuda.get_device_name()}, cuDNN {torch.backends.cudnn.version()}" if DEVICE != "cpu" else ""
    return {"steps": lambda n: timed(step, n)}, torch.__version__ + card


def keras_peer():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)

    def build():
        model = keras.Sequential([
            keras.Input((STEPS, 1)),
            layers.Dropout(0.2),
            layers.LSTM(UNITS, return_sequences=True),
            layers.Dense(DENSE),
            layers.Dense(DENSE),
            layers.LSTM(UNITS, return_sequences=True),
            layers.Dense(DENSE),
            layers.LSTM(UNITS),
            layers.Dense(CLASSES),
            layers.Activation("softmax"),
        ])
        model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
        return model

    model = build()
    per_fit = 20
    x, y = random_batch(BATCH * per_fit)
    y = keras.utils.to_categorical(y, CLASSES)

    def steps(n):
        def fit():
            model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0)
        return [t / per_fit for t in timed(fit, -(-n // per_fit))]

    def predict(n):
        window = x[:1].copy()

        def token():
            index = np.argmax(model.predict(window, verbose=0))
            window[0, :-1] = window[0, 1:]
            window[0, -1] = index / CLASSES
        return timed(token, n)

    def train(data, epochs, target):
        with open(data) as file:
            ids = np.array(json.load(file))
        windows = np.lib.stride_tricks.sliding_window_view(ids, STEPS + 1)
        inputs = (windows[:, :-1, None] / CLASSES).astype(np.float32)
        outputs = keras.utils.to_categorical(windows[:, -1], CLASSES)
        fresh = build()
        reached = None

        class Stop(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs):
                nonlocal reached
                losses.append(float(logs["loss"]))
                if logs["loss"] <= target or time.perf_counter() - begun > limit:
                    reached = epoch + 1 if logs["loss"] <= target else None
                    self.model.stop_training = True

        losses, limit = [], float(os.environ.get("BENCH_LIMIT_SECONDS", "1e9"))
        begun = time.perf_counter()
        fresh.fit(inputs, outputs, batch_size=BATCH, epochs=epochs, verbose=0, callbacks=[Stop()])
        return {"seconds": time.perf_counter() - begun, "epochs": len(losses), "reached": reached, "losses": losses}

    def load(folder, ids):
        with open(os.path.join(folder, "model.json")) as file:
            saved = json.load(file)
        loaded = keras.Sequential.from_config(saved["modelTopology"]["config"])
        floats = np.fromfile(os.path.join(folder, "weights.bin"), np.float32)
        shapes = [w["shape"] for w in saved["weightsManifest"][0]["weights"]]
        ends = np.cumsum([np.prod(shape) for shape in shapes])
        loaded.set_weights([part.reshape(shape) for part, shape in zip(np.split(floats, ends[:-1]), shapes)])
        onehot = keras.utils.to_categorical([ids], loaded.input_shape[-1])
        return loaded.predict(onehot, verbose=0).ravel().tolist()

    return {"steps": steps, "predict": predict, "train": train, "load": load}, tf.__version__


def timed(run, n):
    milliseconds = []
    for _ in range(n):
        begun = time.perf_counter()
        run()
        milliseconds.append(1000 * (time.perf_counter() - begun))
    return milliseconds


verbs, version = {"torch": torch_peer, "keras": keras_peer}[PEER]()
print(json.dumps({"ready": PEER, "version": version}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    verb = verbs[command.pop("do")]
    print(json.dumps(verb(**command)), flush=True)
