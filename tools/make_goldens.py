#!/usr/bin/python3
"""Writes tests/golden/*.bin: what PyTorch computes in float64 from float32 inputs. The engine's tests compare with them.

    apt-get install python3-torch        # Debian's; 1.13 was used
    /usr/bin/python3 tools/make_goldens.py

Every number is made by the formulas `uniform` and `filled`, never by a random generator, so that the files come out the
same everywhere and tests can make large inputs themselves. The file format is in tests/golden/README.md.
"""
import math
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torch.optim.lr_scheduler as LR

import golden_geometries

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
REGENERATE = "regenerate with: /usr/bin/python3 tools/make_goldens.py (Debian's python3-torch)"
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


# ------------------------------------------------------------------------------------------------------------- numbers
def uniform(seed, count, first=0):
    """count float32 numbers in [0, 1), multiples of 2^-24; tests/engine/support/golden.h has the same formula."""
    with np.errstate(over="ignore"):
        index = np.arange(first, first + count, dtype=np.uint64).astype(np.uint32)
        x = index * np.uint32(2654435761) + np.uint32((seed * 40503 + 12345) & 0xFFFFFFFF)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return ((x >> np.uint32(8)).astype(np.float32)) * np.float32(2.0**-24)


def filled(seed, shape, scale=1.0):
    """float32 numbers in [-scale, scale)."""
    values = (np.float32(2) * uniform(seed, int(np.prod(shape))) - np.float32(1)) * np.float32(scale)
    return values.astype(np.float32).reshape(shape)


def tensor(values, gradient=False):
    """The float32 numbers, exactly, in float64."""
    return torch.tensor(np.asarray(values, dtype=np.float32).astype(np.float64), requires_grad=gradient)


def f32(value):
    return float(np.float32(value))


# ---------------------------------------------------------------------------------------------------------------- file
class GoldenFile:
    """Magic, version, a line of text, then named records: text, float32 or float64 arrays; all little-endian."""

    def __init__(self, name):
        self.path = GOLDEN / name
        self.records = []

    def add(self, name, value):
        if isinstance(value, str):
            kind, shape, data = 2, (), value.encode()
        else:
            if isinstance(value, torch.Tensor):
                value = value.detach().numpy()
            kind = 0 if value.dtype == np.float32 else 1
            shape, data = value.shape, np.ascontiguousarray(value).astype("<f4" if kind == 0 else "<f8").tobytes()
        assert kind == 2 or np.isfinite(value).all(), name
        label = name.encode()
        head = struct.pack("<HBB", len(label), kind, len(shape)) + b"".join(struct.pack("<i", s) for s in shape)
        self.records.append(head + struct.pack("<I", len(data)) + label + data)

    def write(self):
        text = (REGENERATE + "; torch " + torch.__version__).encode()
        head = b"CRGOLD\0" + struct.pack("<BII", 1, len(self.records), len(text)) + text
        self.path.write_bytes(head + b"".join(self.records))
        print(f"{self.path.name}: {len(self.records)} records, {self.path.stat().st_size} bytes")


# ----------------------------------------------------------------------------------------------------------------- ops
class Ops:
    """A case: an op, its attributes, inputs, the upstream gradient of output 0, its outputs and its inputs' gradients."""

    def __init__(self):
        self.file = GoldenFile("ops.bin")
        self.count = 0

    def case(self, op, function, inputs, attributes="", differentiable=None):
        prefix = f"{self.count}/"
        self.count += 1
        wanted = range(len(inputs)) if differentiable is None else differentiable
        inputs = [np.asarray(x, dtype=np.float32) for x in inputs]
        tensors = [tensor(x, i in wanted) for i, x in enumerate(inputs)]
        outputs = function(*tensors)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        shape = tuple(outputs[0].shape) or (1,)
        upstream = filled(1000 + self.count, shape)
        if outputs[0].requires_grad:
            outputs[0].backward(tensor(upstream).reshape(outputs[0].shape))
        self.file.add(prefix + "op", op)
        self.file.add(prefix + "attributes", attributes)
        for i, x in enumerate(inputs):
            self.file.add(f"{prefix}in{i}", x)
        self.file.add(prefix + "upstream", upstream)
        for i, y in enumerate(outputs):
            self.file.add(f"{prefix}out{i}", y.reshape(tuple(y.shape) or (1,)))
        for i in wanted:
            grad = tensors[i].grad
            self.file.add(f"{prefix}grad{i}", torch.zeros_like(tensors[i]) if grad is None else grad)


def linear_cases(ops):
    for ta in (0, 1):
        for tb in (0, 1):
            a, b = filled(1, (7, 5) if ta else (5, 7)), filled(2, (6, 7) if tb else (7, 6))
            ops.case("matmul", lambda a, b, ta=ta, tb=tb: (a.T if ta else a) @ (b.T if tb else b), [a, b],
                     f"transpose_a={ta} transpose_b={tb}")
    ops.case("matmul", lambda a, b: a @ b.T, [filled(3, (4, 100)), filled(4, (3, 100))], "transpose_b=1")
    ops.case("bias", lambda x, b: x + b, [filled(5, (4, 6)), filled(6, (6,))])
    ops.case("bias", lambda x, b: x + b[:, None, None], [filled(7, (2, 3, 4, 5)), filled(8, (3,))])
    for op, function in (("add", torch.add), ("subtract", torch.sub), ("multiply", torch.mul)):
        ops.case(op, function, [filled(9, (3, 4)), filled(10, (3, 4))])
    ops.case("negate", torch.neg, [filled(11, (3, 4))])
    ops.case("reshape", lambda x: x.reshape(2, 12), [filled(12, (2, 3, 2, 2))], "shape=2,12")
    ops.case("concat", lambda a, b: torch.cat((a, b), 1), [filled(13, (2, 3, 2, 2)), filled(14, (2, 1, 2, 2))])
    ops.case("concat", lambda a, b: torch.cat((a, b), 1), [filled(15, (3, 2)), filled(16, (3, 5))])
    ops.case("sum", lambda x: x.sum(), [filled(17, (3, 40))])
    ops.case("mean", lambda x: x.mean(), [filled(18, (37,))])


def convolution_cases(ops):
    for i, (n, c, h, w, k, r, s, stride, pad, dilation) in enumerate((
            (1, 1, 5, 5, 1, 3, 3, 1, 0, 1), (2, 3, 9, 8, 4, 3, 2, 1, 0, 1), (2, 2, 9, 9, 3, 3, 3, 2, 0, 1),
            (2, 2, 8, 9, 3, 3, 3, 2, 1, 1), (1, 2, 7, 7, 2, 5, 5, 1, 2, 1), (2, 2, 9, 9, 2, 3, 3, 1, 0, 2),
            (1, 3, 11, 10, 2, 3, 3, 3, 2, 2), (2, 4, 6, 6, 3, 1, 1, 1, 0, 1), (1, 2, 10, 9, 3, 2, 4, 2, 1, 2),
            (2, 1, 28, 28, 4, 5, 5, 1, 0, 1))):
        ops.case("conv2d", lambda x, w, a=(stride, pad, dilation): F.conv2d(x, w, None, a[0], a[1], a[2]),
                 [filled(30 + i, (n, c, h, w)), filled(50 + i, (k, c, r, s), 0.5)],
                 f"stride={stride} pad={pad} dilation={dilation}")


def pool_cases(ops):
    # Random numbers, and few different ones, for ties: both sides keep the first.
    plain = filled(70, (2, 3, 8, 9))
    tied = np.floor(uniform(71, 2 * 3 * 8 * 9) * np.float32(3)).astype(np.float32).reshape(2, 3, 8, 9)
    for window, stride in ((2, 2), (3, 2), (3, 1), (2, 3), (4, 4), (1, 1)):
        attributes = f"window={window} window_stride={stride}"
        for x in (plain, tied):
            ops.case("max pool", lambda x, a=(window, stride): F.max_pool2d(x, a[0], a[1]), [x], attributes)
        ops.case("average pool", lambda x, a=(window, stride): F.avg_pool2d(x, a[0], a[1]), [plain], attributes)


def activation_cases(ops):
    slope = f32(0.01)
    functions = {
        "identity": lambda x: x * 1.0,
        "binary step": lambda x: (x > 0).double() + 0.0 * x,
        "logistic": torch.sigmoid,
        "tanh": torch.tanh,
        "arctan": torch.atan,
        "softsign": F.softsign,
        "ReLU": torch.relu,
        "leaky ReLU": lambda x: F.leaky_relu(x, slope),
        "softplus": lambda x: torch.nn.functional.softplus(x, beta=1, threshold=1e9),
    }
    x = np.concatenate((filled(80, (40,), 3.0), filled(81, (20,), 12.0), np.array([0.0, 1e-6, -1e-6, 30, -30], np.float32)))
    for name, function in functions.items():
        ops.case("activation", function, [x.reshape(5, 13)], "activation=" + name.replace(" ", "_"))


def function_cases(ops):
    x, a, b = filled(82, (5, 6), 3.0), filled(83, (5, 6), 2.0), filled(84, (5, 6), 2.0)
    positive = np.abs(x) + np.float32(0.05)
    functions = {"exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "abs": torch.abs, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan}
    for name, function in functions.items():
        ops.case("function", function, [positive if name in ("log", "sqrt") else x], "function=" + name)
    ops.case("divide", lambda a, b: a / b, [a, positive])
    ops.case("power", lambda a, b: a ** b, [positive, b])
    ops.case("power", lambda a, b: a ** b, [a, np.tile(np.array([0, 1, 2, 3, 4, -1], np.float32), (5, 1))], "", [0])
    ops.case("extreme", torch.maximum, [a, b], "smaller=0")
    ops.case("extreme", torch.minimum, [a, b], "smaller=1")


def loss_cases(ops):
    z = filled(90, (6, 10), 4.0)
    labels = np.array([0, 9, 3, 3, 7, 5], np.float32)
    def cross_entropy(z, t):
        return F.cross_entropy(z, t.long(), reduction="none"), F.softmax(z, 1)
    ops.case("softmax", lambda z: F.softmax(z, 1), [z])
    ops.case("softmax", lambda z: F.softmax(z, 1), [np.array([[2.0, 1.0, 0.1]], np.float32)])
    ops.case("softmax cross-entropy", cross_entropy, [z, labels], "", [0])
    ops.case("softmax cross-entropy", cross_entropy, [np.array([[2.0, 1.0, 0.1]], np.float32), np.array([0], np.float32)], "", [0])
    far = np.array([[100, -100, 0], [0, 80, -80]], np.float32)
    ops.case("softmax cross-entropy", cross_entropy, [far, np.array([1, 1], np.float32)], "", [0])
    y, t = filled(91, (5, 3)), filled(92, (5, 3))
    ops.case("squared error", lambda y, t: F.mse_loss(y, t, reduction="none").sum(1) / 2, [y, t], "form=half_sum")
    ops.case("squared error", lambda y, t: F.mse_loss(y, t, reduction="none").mean(1), [y, t], "form=mean")


# ---------------------------------------------------------------------------------------------------------- optimizers
def adam_by_hand(p, lr, form, betas=(0.9, 0.999), eps=1e-8):
    """Adam's forms that PyTorch does not have: deck 004's without correction, and ConvNetJS's that multiplies."""
    class Adam:
        def __init__(self):
            self.t, self.m, self.v = 0, [torch.zeros_like(x) for x in p], [torch.zeros_like(x) for x in p]

        @torch.no_grad()
        def step(self):
            self.t += 1
            b1, b2 = f32(betas[0]), f32(betas[1])
            c1, c2 = (1 - b1**self.t, 1 - b2**self.t) if form == "multiplied" else (1, 1)
            for x, m, v in zip(p, self.m, self.v):
                m.mul_(b1).add_(x.grad, alpha=1 - b1)
                v.mul_(b2).addcmul_(x.grad, x.grad, value=1 - b2)
                x.sub_(f32(lr) * (c1 * m) / ((c2 * v).sqrt() + f32(eps)))
    return Adam()


# By case: the optimizer, its options (OptimizerOptions), its hyper tensors, and PyTorch's.
MOMENTUM = dict(lr=0.05, momentum=0.9)
ADAGRAD, RMSPROP = dict(lr=0.1, epsilon=1e-10), dict(lr=0.01, rho=0.99, epsilon=1e-8)
ADAM = dict(lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8)
DECAY = dict(weight_decay=0.125)


def torch_of(kind, options, hypers):
    """Makes the PyTorch optimizer of a case for a list of parameters."""
    h = {key: f32(value) for key, value in hypers.items()}
    rest = dict(lr=h["lr"], weight_decay=h.get("weight_decay", 0))
    if kind in ("sgd", "momentum", "nesterov"):
        return lambda p: torch.optim.SGD(p, momentum=h.get("momentum", 0), nesterov=kind == "nesterov", **rest)
    if kind == "adagrad":
        return lambda p: torch.optim.Adagrad(p, eps=h["epsilon"], **rest)
    if kind == "rmsprop":
        return lambda p: torch.optim.RMSprop(p, alpha=h["rho"], eps=h["epsilon"], centered="centred" in options,
                                             momentum=h.get("momentum", 0), **rest)
    for form in ("uncorrected", "multiplied"):
        if form in options:
            return lambda p: adam_by_hand(p, hypers["lr"], form)
    return lambda p: torch.optim.Adam(p, betas=(h["beta1"], h["beta2"]), eps=h["epsilon"], **rest)


OPTIMIZERS = {
    "sgd": ("sgd", "", dict(lr=0.1)),
    "sgd, decay": ("sgd", "weight_decay", dict(lr=0.1, **DECAY)),
    "momentum": ("momentum", "", MOMENTUM),
    "momentum, decay": ("momentum", "weight_decay", MOMENTUM | DECAY),
    "nesterov": ("nesterov", "", MOMENTUM),
    "nesterov, decay": ("nesterov", "weight_decay", MOMENTUM | DECAY),
    "adagrad": ("adagrad", "", ADAGRAD),
    "adagrad, decay": ("adagrad", "weight_decay", ADAGRAD | DECAY),
    "rmsprop": ("rmsprop", "", RMSPROP),
    "rmsprop, centred": ("rmsprop", "centred", RMSPROP),
    "rmsprop, momentum": ("rmsprop", "momentum", RMSPROP | dict(momentum=0.9)),
    "rmsprop, all": ("rmsprop", "centred momentum weight_decay", RMSPROP | dict(momentum=0.9) | DECAY),
    "adam": ("adam", "", ADAM),
    "adam, in parts": ("adam", "in_parts", ADAM),
    "adam, decay": ("adam", "weight_decay", ADAM | DECAY),
    "adam, uncorrected": ("adam", "uncorrected", ADAM),
    "adam, multiplied": ("adam", "multiplied", ADAM),
}


def deck_momentum(parameters, gradients, lr, beta):
    """Deck 004's form: delta' = lr g + beta delta, theta' = theta - delta'."""
    result = []
    for theta, steps in zip(parameters, gradients):
        theta, delta = tensor(theta), torch.zeros(theta.shape)
        for g in steps:
            delta = f32(lr) * tensor(g) + f32(beta) * delta
            theta = theta - delta
        result.append(theta)
    return result


def write_optimizers(steps=20):
    """Two parameters, and a gradient for each step that does not depend on them."""
    file = GoldenFile("optimizers.bin")
    start = [filled(100, (3, 4)), filled(101, (5,))]
    gradients = [filled(102, (steps, 3, 4)), filled(103, (steps, 5), 3.0)]
    for i in (0, 1):
        file.add(f"start{i}", start[i])
        file.add(f"gradients{i}", gradients[i])
    file.add("cases", "\n".join(OPTIMIZERS))
    for name, (kind, options, hypers) in OPTIMIZERS.items():
        parameters = [tensor(x, True) for x in start]
        optimizer = torch_of(kind, options, hypers)(parameters)
        file.add(f"{name}/kind", kind)
        file.add(f"{name}/options", options)
        file.add(f"{name}/hypers", " ".join(f"{key}={value}" for key, value in hypers.items()))
        for step in range(steps):
            for p, g in zip(parameters, gradients):
                p.grad = tensor(g[step])
            optimizer.step()
            if step in (0, steps - 1):
                for i, p in enumerate(parameters):
                    file.add(f"{name}/after{step + 1}/{i}", p)
        if name == "momentum":
            for ours, theirs in zip(deck_momentum(start, gradients, hypers["lr"], hypers["momentum"]), parameters):
                assert torch.allclose(ours, theirs, rtol=1e-13, atol=0), "with a constant lr the two forms agree"
    file.write()


# ---------------------------------------------------------------------------------------------------------- schedules
BASE_RATE = 0.5
# By case: ScheduleOptions, the hyper tensors beside lr.base, and PyTorch's schedulers of an optimizer.
SCHEDULES = {
    "constant": ("constant", {}, lambda o: LR.LambdaLR(o, lambda t: 1.0)),
    "stepwise": ("stepwise", {"decay.steps": 7, "decay.factor": 0.25}, lambda o: LR.StepLR(o, 7, 0.25)),
    "exponential": ("exponential", {"decay.steps": 1, "decay.factor": 0.9375}, lambda o: LR.ExponentialLR(o, 0.9375)),
    "cosine": ("cosine", {"decay.steps": 40, "decay.floor": 0.125}, lambda o: LR.CosineAnnealingLR(o, 40, 0.125 * BASE_RATE)),
    "constant, warm-up": ("constant warm_up", {"warmup.steps": 5, "warmup.start": 0.25}, lambda o: LR.LinearLR(o, 0.25, 1.0, 5)),
    "cosine, warm-up": ("cosine warm_up", {"warmup.steps": 8, "warmup.start": 0.125, "decay.steps": 32, "decay.floor": 0.0},
                        lambda o: LR.SequentialLR(o, [LR.LinearLR(o, 0.125, 1.0, 8), LR.CosineAnnealingLR(o, 32)], [8])),
    "stepwise, warm-up": ("stepwise warm_up", {"warmup.steps": 8, "warmup.start": 0.125, "decay.steps": 10, "decay.factor": 0.5},
                      lambda o: LR.SequentialLR(o, [LR.LinearLR(o, 0.125, 1.0, 8), LR.StepLR(o, 10, 0.5)], [8])),
    "plateau": ("plateau", {"decay.factor": 0.5, "plateau.patience": 3, "plateau.threshold": 0.0625},
                lambda o: LR.ReduceLROnPlateau(o, factor=0.5, patience=3, threshold=0.0625, eps=0)),
}


def write_schedules(steps=41):
    """The rate of each of `steps` updates. The losses that a plateau watches fall, stand still, fall and stand still."""
    file = GoldenFile("schedules.bin")
    losses = (np.maximum(1 - 0.1 * np.arange(steps), 0.5) - np.where(np.arange(steps) > 20, 0.25, 0)).astype(np.float32)
    losses += filled(110, (steps,), 0.0078125)
    file.add("losses", losses)
    file.add("cases", "\n".join(SCHEDULES))
    for name, (options, hypers, make) in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE_RATE)
        scheduler = make(optimizer)
        rates = []
        for loss in losses:
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if options == "plateau":
                scheduler.step(float(loss))
            else:
                scheduler.step()
        file.add(f"{name}/options", options)
        file.add(f"{name}/hypers", " ".join(f"{key}={value}" for key, value in {"lr.base": BASE_RATE, **hypers}.items()))
        file.add(f"{name}/rates", np.array(rates))
    file.write()


# ------------------------------------------------------------------------------------------------------------ training
SAMPLES = 16


def image_batch(batch):
    """Noise with a bright stripe whose place tells the class, so that ten steps learn something."""
    images = uniform(200, batch * 784).reshape(batch, 1, 28, 28) * np.float32(0.25)
    labels = np.array([(7 * n + 3) % 10 for n in range(batch)], np.float32)
    for n in range(batch):
        row = 2 * int(labels[n]) + 3
        images[n, 0, row:row + 3] += np.float32(0.5)
    return images.astype(np.float32), labels


def lenet(p, x):
    x = F.max_pool2d(torch.relu(F.conv2d(x, p["conv1.w"], p["conv1.b"])), 2)
    x = F.max_pool2d(torch.relu(F.conv2d(x, p["conv2.w"], p["conv2.b"])), 2)
    x = torch.relu(x.flatten(1) @ p["fc1.w"].T + p["fc1.b"])
    return x @ p["fc2.w"].T + p["fc2.b"]


def mlp(p, x):
    return torch.relu(x.flatten(1) @ p["fc1.w"].T + p["fc1.b"]) @ p["fc2.w"].T + p["fc2.b"]


# Each parameter's shape and the scale of its first values; its seed is 300 + its place in the list.
TRAININGS = {
    "lenet": (lenet, "momentum", dict(lr=0.01, momentum=0.9), 4, {
        "conv1.w": ((20, 1, 5, 5), 0.25), "conv1.b": ((20,), 0.0625), "conv2.w": ((50, 20, 5, 5), 0.0625),
        "conv2.b": ((50,), 0.0625), "fc1.w": ((500, 800), 0.0625), "fc1.b": ((500,), 0.0625),
        "fc2.w": ((10, 500), 0.0625), "fc2.b": ((10,), 0.0625)}),
    "mlp": (mlp, "adam", dict(lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8), 8, {
        "fc1.w": ((128, 784), 0.0625), "fc1.b": ((128,), 0.0625), "fc2.w": ((10, 128), 0.125), "fc2.b": ((10,), 0.0625)}),
}


def write_training(name, steps=10):
    network, kind, hypers, batch, shapes = TRAININGS[name]
    file = GoldenFile(f"training_{name}.bin")
    start = {key: filled(300 + i, shape, scale) for i, (key, (shape, scale)) in enumerate(shapes.items())}
    p = {key: tensor(values, True) for key, values in start.items()}
    if kind == "momentum":
        optimizer = torch.optim.SGD(p.values(), lr=f32(hypers["lr"]), momentum=f32(hypers["momentum"]))
    else:
        optimizer = torch.optim.Adam(p.values(), lr=f32(hypers["lr"]), betas=(f32(hypers["beta1"]), f32(hypers["beta2"])),
                                     eps=f32(hypers["epsilon"]))
    images, labels = image_batch(batch)
    x, t = tensor(images), torch.tensor(labels.astype(np.int64))
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(p, x), t)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    file.add("about", f"{name}, {steps} steps of {kind} on one batch of {batch}: losses before each update; of every "
                      "parameter the scale of its first values, then, after the last update, [sum, sum of squares, sum of "
                      f"squares of its change] and {SAMPLES} evenly spaced elements")
    file.add("hypers", " ".join(f"{key}={value}" for key, value in hypers.items()))
    file.add("batch", np.array([batch], np.float64))
    file.add("losses", np.array(losses))
    for key, (_, scale) in shapes.items():
        after, before = p[key].detach().flatten(), tensor(start[key]).flatten()
        stride = max(1, len(after) // SAMPLES)
        file.add(key + "/scale", np.array([scale]))
        file.add(key + "/checksums", torch.stack((after.sum(), (after**2).sum(), ((after - before)**2).sum())))
        file.add(key + "/samples", after[stride // 2::stride])
    file.write()
    print(f"  losses {losses[0]:.6f} ... {losses[-1]:.6f}; " +
          ", ".join(f"{key} moved {math.sqrt(float(((p[key].detach() - tensor(start[key]))**2).mean())):.2g}" for key in p))


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    ops = Ops()
    for add in (linear_cases, convolution_cases, pool_cases, activation_cases, function_cases, loss_cases):
        add(ops)
    ops.file.write()
    write_optimizers()
    write_schedules()
    for name in TRAININGS:
        write_training(name)
    golden_geometries.write(GoldenFile("geometries.bin"), uniform, filled)


if __name__ == "__main__":
    main()
