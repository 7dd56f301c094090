"""Random geometries of convolution, pooling and filtering: what PyTorch computes, as checksums (make_goldens.py calls it).

Each case is a row of small whole numbers; inputs are made by `filled`, so only results are stored: of every tensor its
Euclidean norm and its products with PROBES random directions. One wrong element changes all of these.
"""
import numpy as np
import torch
import torch.nn.functional as F

PROBES = 3


class Draws:
    """Whole numbers from the formula `uniform`."""

    def __init__(self, uniform, seed):
        self.uniform, self.seed, self.count = uniform, seed, 0

    def between(self, low, high):
        self.count += 1
        return low + int(self.uniform(self.seed, 1, self.count)[0] * (high - low + 1))


def checksums(filled, value):
    flat = value.detach().reshape(-1)
    probes = [torch.tensor(filled(7000 + i, (len(flat),)).astype(np.float64)) for i in range(PROBES)]
    return [float(flat.norm())] + [float((flat * probe).sum()) for probe in probes]


def seeded(filled, seed, shape):
    return torch.tensor(filled(seed, shape).astype(np.float64), requires_grad=True)


def upstream(filled, case, y):
    return torch.tensor(filled(4000 + case, tuple(y.shape)).astype(np.float64))


def convolutions(filled, draw, count):
    """Rows: n c h w k r s stride pad dilation; checksums of y, dx, dw."""
    rows, sums = [], []
    while len(rows) < count:
        n, c, h, w = draw.between(1, 3), draw.between(1, 4), draw.between(1, 12), draw.between(1, 12)
        k, r, s = draw.between(1, 5), draw.between(1, 7), draw.between(1, 7)
        stride, pad, dilation = draw.between(1, 4), draw.between(0, 4), draw.between(1, 3)
        if h + 2 * pad <= dilation * (r - 1) or w + 2 * pad <= dilation * (s - 1):
            continue
        case = len(rows)
        x, weights = seeded(filled, 2000 + case, (n, c, h, w)), seeded(filled, 3000 + case, (k, c, r, s))
        y = F.conv2d(x, weights, None, stride, pad, dilation)
        y.backward(upstream(filled, case, y))
        rows.append([n, c, h, w, k, r, s, stride, pad, dilation])
        sums.append([checksums(filled, t) for t in (y, x.grad, weights.grad)])
    return rows, sums


def pools(filled, draw, count, function):
    """Rows: n c h w window stride; checksums of y, dx."""
    rows, sums = [], []
    while len(rows) < count:
        n, c, h, w = draw.between(1, 3), draw.between(1, 4), draw.between(1, 13), draw.between(1, 13)
        window, stride = draw.between(1, 5), draw.between(1, 5)
        if min(h, w) < window:
            continue
        case = len(rows)
        x = seeded(filled, 2000 + case, (n, c, h, w))
        y = function(x, window, stride)
        y.backward(upstream(filled, case, y))
        rows.append([n, c, h, w, window, stride])
        sums.append([checksums(filled, t) for t in (y, x.grad)])
    return rows, sums


PADDINGS = ("constant", "reflect", "replicate")


def filters(filled, draw, count):
    """Rows: n c h w r s stride pad dilation padding flip; divisor 3, bias 0.25; checksums of y."""
    rows, sums = [], []
    while len(rows) < count:
        n, c, h, w = draw.between(1, 2), draw.between(1, 3), draw.between(2, 12), draw.between(2, 12)
        r, s, stride, pad = draw.between(1, 7), draw.between(1, 7), draw.between(1, 3), draw.between(0, 6)
        dilation, padding, flip = draw.between(1, 3), draw.between(0, 2), draw.between(0, 1)
        too_wide = padding == 1 and pad >= min(h, w)
        if too_wide or h + 2 * pad <= dilation * (r - 1) or w + 2 * pad <= dilation * (s - 1):
            continue
        case = len(rows)
        x, kernel = seeded(filled, 2000 + case, (n, c, h, w)), seeded(filled, 3000 + case, (r, s))
        turned = torch.flip(kernel, (0, 1)) if flip else kernel
        padded = F.pad(x, (pad, pad, pad, pad), mode=PADDINGS[padding])
        y = F.conv2d(padded, turned.expand(c, 1, r, s), None, stride, 0, dilation, groups=c) / 3 + 0.25
        rows.append([n, c, h, w, r, s, stride, pad, dilation, padding, flip])
        sums.append([checksums(filled, y)])
    return rows, sums


def write(file, uniform, filled):
    families = {
        "conv2d": convolutions(filled, Draws(uniform, 501), 300),
        "max pool": pools(filled, Draws(uniform, 502), 300, F.max_pool2d),
        "average pool": pools(filled, Draws(uniform, 503), 300, F.avg_pool2d),
        "filter": filters(filled, Draws(uniform, 504), 300),
    }
    for name, (rows, sums) in families.items():
        file.add(name + "/geometries", np.array(rows, np.float32))
        file.add(name + "/checksums", np.array(sums, np.float64).reshape(len(rows), -1))
    file.write()
