"""The Immersic network in PyTorch. B rows, T steps, F features, V tokens, R relations."""
import torch
from torch import nn

from data import CONFIG, EVERY, EXPORTED, STEPS, TOKENS

SIZE, RELATIONS = EXPORTED["inputSize"], EXPORTED["relations"]


class Immersic(nn.Module):
    def __init__(self):
        super().__init__()
        units, dense = CONFIG["lstmUnits"], CONFIG["denseUnits"]
        lstm = lambda size: nn.LSTM(size, units, batch_first=True)
        self.lstm, self.lstm_1, self.lstm_2 = lstm(SIZE), lstm(dense), lstm(dense)
        self.dense, self.dense_1 = nn.Linear(units, dense), nn.Linear(dense, dense)
        self.dense_2, self.dense_3 = nn.Linear(units, dense), nn.Linear(units, TOKENS + RELATIONS)
        for name, weight in self.named_parameters():
            if name.endswith("bias_hh_l0"):  # Keras has one bias a layer: the second stays zero
                weight.requires_grad_(False)

    def forward(self, x, states, relations):
        """Logits [B, T, V], or [B, V] of the last step, and the states after it."""
        x, first = self.lstm(x, states[0])
        x, second = self.lstm_1(self.dense_1(self.dense(x)), states[1])
        x, third = self.lstm_2(self.dense_2(x), states[2])
        scores = self.dense_3(x if EVERY else x[:, -1])
        logits = scores[..., :TOKENS]
        if RELATIONS:  # each adds its score to the logits of the tokens that it holds for
            rows, pairs = relations
            own = scores.flatten(0, 1)[rows, TOKENS + (pairs >> 16)]
            flat = logits.reshape(-1).index_add(0, rows * TOKENS + (pairs & 0xFFFF), own)
            logits = flat.view(logits.shape)
        return logits, [first, second, third]


def inputs(ids, shown):
    """What the network is given, [B, T, F], without dropout."""
    if CONFIG["input"] == "scalar":
        return (ids / TOKENS).unsqueeze(-1)
    if CONFIG["input"] != "context":
        return nn.functional.one_hot(ids, TOKENS).to(torch.get_default_dtype())
    x = torch.zeros(ids.numel(), SIZE, device=ids.device)
    one = torch.ones((), device=ids.device)
    return x.index_put_(shown["features"], one, accumulate=True).view(*ids.shape, SIZE)


def drop(x, rate, seed, rank, world):
    """Dropout that gives each row of the whole batch the same, whatever process has it."""
    generator = torch.Generator(x.device).manual_seed(seed)
    noise = torch.rand((len(x) * world, *x.shape[1:]), generator=generator, device=x.device)
    return x * (noise[rank::world] >= rate) / (1 - rate)
