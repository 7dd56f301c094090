#!/usr/bin/python3
"""PyTorch, natively, on the works of bench/works.mjs: pytorch.py SECONDS THREADS WORK... A line of JSON for each work."""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


def uniform(seed, count):
    """The formula of tests/module/support/formula.mjs."""
    x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((seed * 40503 + 12345) & 0xFFFFFFFF)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float64) / 16777216


def filled(seed, shape, scale):
    return torch.tensor(((2 * uniform(seed, int(np.prod(shape))) - 1) * scale).astype(np.float32)).reshape(shape)


SHAPES = {
    "lenet": [(20, 1, 5, 5), (20,), (50, 20, 5, 5), (50,), (500, 800), (500,), (10, 500), (10,)],
    "mlp": [(128, 784), (128,), (10, 128), (10,)],
    "small": [(4, 2), (4,), (2, 4), (2,), (1, 2), (1,)],
}
CONVOLUTIONS = {"conv-28": (1, 28, 20, 5, 0), "conv-12": (20, 12, 50, 5, 0), "conv-32": (16, 32, 32, 3, 1)}


def weights(name):
    fan_in = lambda shape: 256 if len(shape) == 1 else int(np.prod(shape[1:]))
    return [filled(300 + i, shape, 2.0 ** np.floor(-np.log2(fan_in(shape)) / 2 + 0.5)) for i, shape in enumerate(SHAPES[name])]


def lenet(x, p):
    x = F.max_pool2d(torch.relu(F.conv2d(x, p[0], p[1])), 2)
    x = F.max_pool2d(torch.relu(F.conv2d(x, p[2], p[3])), 2)
    return F.linear(torch.relu(F.linear(x.flatten(1), p[4], p[5])), p[6], p[7])


def samples(name, batch):
    if name == "small":
        x = torch.tensor((2 * uniform(400, 4 * batch) - 1).astype(np.float32)).reshape(2 * batch, 2)
        return x, torch.where((x.double() ** 2).sum(1, keepdim=True) < 0.5, 1.0, -1.0).float()
    images = uniform(200, 2 * batch * 784).reshape(2 * batch, 1, 28, 28) * 0.25
    labels = [(7 * n + 3) % 10 for n in range(2 * batch)]
    for n, label in enumerate(labels):
        images[n, 0, 2 * label + 3 : 2 * label + 6] += 0.5
    return torch.tensor(images.astype(np.float32)), torch.tensor(labels)


NETWORKS = {
    "lenet": lenet,
    "mlp": lambda x, p: F.linear(torch.relu(F.linear(x.flatten(1), p[0], p[1])), p[2], p[3]),
    "small": lambda x, p: torch.tanh(F.linear(torch.tanh(F.linear(torch.tanh(F.linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5])),
}


def training(work):
    name = work.split("-")[0]
    batch = {"small-10": 10, "small-500": 500}.get(work, 32)
    x, y = samples(name, batch)

    def fresh():
        p = [w.requires_grad_() for w in weights(name)]
        optimizer = torch.optim.SGD(p, lr=0.03 if name == "small" else 0.01)
        count = 0

        def step():
            nonlocal count
            part = slice(batch * (count % 2), batch * (count % 2 + 1))
            count += 1
            optimizer.zero_grad(set_to_none=True)
            answers = NETWORKS[name](x[part], p)
            loss = ((answers - y[part]) ** 2).sum(1).mul(0.5).mean() if name == "small" else F.cross_entropy(answers, y[part])
            loss.backward()
            optimizer.step()
            return loss

        return step

    first = fresh()
    losses = [first().item() for _ in range(3)]
    return fresh(), batch, losses


def made(work):
    if work in ("lenet", "mlp") or work.startswith("small"):
        return training(work)
    if work == "forward":
        p, x = weights("lenet"), samples("lenet", 32)[0][:1]
        return (lambda: torch.softmax(lenet(x, p), 1)), 1, None
    if work == "matmul-512":
        a, b = filled(1, (512, 512), 1.0), filled(2, (512, 512), 1.0)
        return (lambda: torch.mm(a, b)), 2 * 512**3 / 1e9, None
    c, h, k, r, pad = CONVOLUTIONS[work]
    x, w = filled(3, (32, c, h, h), 1.0), filled(4, (k, c, r, r), 1.0)
    side = h + 2 * pad - r + 1
    return (lambda: F.conv2d(x, w, padding=pad)), 2 * 32 * k * side * side * c * r * r / 1e9, None


def measure(run, amount, seconds):
    """As bench/measure.mjs: samples of 25 ms at least; the median, and the middle 80 %."""
    end, calls, rates = time.perf_counter() + max(0.15, 0.2 * seconds), 1, []

    def timed():
        begin = time.perf_counter()
        for _ in range(calls):
            run()
        return time.perf_counter() - begin

    while time.perf_counter() < end:
        if timed() < 0.025:
            calls *= 2
    end = time.perf_counter() + seconds
    while len(rates) < 3 or time.perf_counter() < end:
        rates.append(calls * amount / timed())
    rates.sort()
    at = lambda share: rates[min(len(rates) - 1, int(share * len(rates)))]
    return {"median": at(0.5), "low": at(0.1), "high": at(0.9), "samples": len(rates)}


def main():
    seconds, threads, works = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    torch.set_num_threads(threads)
    for work in works:
        run, amount, losses = made(work)
        with torch.set_grad_enabled(losses is not None):
            rate = measure(run, amount, seconds)
        if work == "forward":
            rate = {"median": 1000 / rate["median"], "low": 1000 / rate["high"], "high": 1000 / rate["low"], "samples": rate["samples"]}
        print(json.dumps({"id": work, "rate": rate, "losses": losses}), flush=True)


main()
