"""Keras, PyTorch and ONNX Runtime for the tests of exported and imported models.
Reads one JSON command a line, answers with one JSON object a line."""
import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras
import numpy as np
import onnx
import onnxruntime
import torch
from keras import layers as L
from safetensors.torch import load_file, save_file


def array(x):
    return np.array(x["values"], np.float32).reshape(x["shape"])


def original(steps, size, units, dense, classes, every=False):
    """The original Immersic, as its author wrote it."""
    return keras.Sequential([
        keras.Input((steps, size)),
        L.Dropout(0.2),
        L.LSTM(units, return_sequences=True),
        L.Dense(dense),
        L.Dense(dense),
        L.LSTM(units, return_sequences=True),
        L.Dense(dense),
        L.LSTM(units, return_sequences=every),
        L.Dense(classes),
        L.Activation("softmax"),
    ])


class Torch(torch.nn.Module):
    def __init__(self, size, units, dense, outputs):
        super().__init__()
        lstm = lambda n: torch.nn.LSTM(n, units, batch_first=True)
        self.lstm, self.lstm_1, self.lstm_2 = lstm(size), lstm(dense), lstm(dense)
        self.dense, self.dense_1 = torch.nn.Linear(units, dense), torch.nn.Linear(dense, dense)
        self.dense_2, self.dense_3 = torch.nn.Linear(units, dense), torch.nn.Linear(units, outputs)

    def forward(self, x):
        x = self.lstm_1(self.dense_1(self.dense(self.lstm(x)[0])))[0]
        return self.dense_3(self.lstm_2(self.dense_2(x))[0])


def keras_model(file, x):
    return keras.models.load_model(file).predict(array(x), verbose=0).ravel().tolist()


def keras_weights(file, x, sizes):
    model = original(None, *sizes, every=True)
    model.load_weights(file)
    return model.predict(array(x), verbose=0).ravel().tolist()


def torch_model(file, x, sizes):
    model = Torch(*sizes)
    model.load_state_dict(load_file(file))
    with torch.no_grad():
        return model(torch.from_numpy(array(x))).ravel().tolist()


def onnx_model(file, x, by_step):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    x = array(x)
    states = {
        i.name: np.zeros((1, len(x), i.shape[2]), np.float32)
        for i in session.get_inputs() if i.name != "input"
    }
    names = [o.name for o in session.get_outputs()]
    parts = []
    for part in np.split(x, x.shape[1], axis=1) if by_step else [x]:
        out = dict(zip(names, session.run(None, {"input": part, **states})))
        states = {name: out[name + "_out"] for name in states}
        parts.append(out["logits"])
    return np.concatenate(parts, axis=1).ravel().tolist()


def make_keras(folder, x, classes):
    keras.utils.set_random_seed(3)
    x = array(x)
    model = original(x.shape[1], 1, 12, 8, classes)
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
    model.fit(x, np.eye(classes)[np.arange(len(x)) % classes], epochs=3, verbose=0)
    for name in ["m.keras", "m.weights.h5", "m.h5"]:
        getattr(model, "save_weights" if "weights" in name else "save")(os.path.join(folder, name))
    return model.predict(x, verbose=0).ravel().tolist()


def make_torch(file, x, sizes):
    torch.manual_seed(3)
    model = Torch(*sizes)
    save_file(model.state_dict(), file)
    with torch.no_grad():
        return model(torch.from_numpy(array(x))).ravel().tolist()


print(json.dumps({"ready": True, "version": keras.__version__}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(globals()[command.pop("do")](**command)), flush=True)
