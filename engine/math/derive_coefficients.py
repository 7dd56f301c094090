#!/usr/bin/env python3
"""Derives every polynomial and constant of engine/math from its definition. Needs mpmath, nothing else.

Each polynomial interpolates its function at the Chebyshev nodes of the reduced range, which is within a small factor of
the minimax polynomial (Powell 1967, "On the maximum errors of polynomial approximations defined by interpolation"). The
coefficients are rounded to double; the printed bound is the relative error of the whole function that is left after it.
"""
from mpmath import mp, mpf, atan, cos, exp, floor, log, matrix, lu_solve, pi, polyval, sin, sqrt

mp.dps = 90
tiny = mpf(10) ** -25  # stands in for a node at zero, where the tails are 0 / 0

def chebyshev(function, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * degree + 2)) for i in range(degree + 1)]
    system = matrix(degree + 1, degree + 1)
    for row, node in enumerate(nodes):
        for column in range(degree + 1):
            system[row, column] = node ** column
    exact = lu_solve(system, matrix([function(node if abs(node) > tiny else tiny) for node in nodes]))
    return [float(c) for c in exact]


def show(name, function, low, high, degree, rebuilt, truth):
    coefficients = chebyshev(function, low, high, degree)
    worst = mpf(0)
    for i in range(1, 400):
        t = low + (high - low) * i / 400
        if abs(t) < mpf(10) ** -12:
            continue
        got = rebuilt(t, polyval([mpf(c) for c in reversed(coefficients)], t))
        worst = max(worst, abs(got / truth(t) - 1))
    print(f"{name}: degree {degree}, relative error 2^{float(log(worst, 2)):.1f}")
    for c in coefficients:
        print(f"    {c!r},")


half_ln2 = log(mpf(2)) / 2 * mpf("1.001")
for name, degree in (("kExpTail (double)", 10), ("kExpTailFloat", 6), ("tanh_of_size", 4)):
    show(name, lambda r: (exp(r) - 1 - r) / r ** 2, -half_ln2, half_ln2, degree,
         lambda r, q: r + r * r * q, lambda r: exp(r) - 1)

s_max = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) * mpf("1.001")
atanh = lambda s: log((1 + s) / (1 - s)) / 2
# log(1+f) = 2 atanh(s) = 2s + s z (2/3 + z T(z)), z = s^2
show("kLogTail", lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2 - 2 * z / 3) / z ** 2, mpf(0), s_max ** 2, 7,
     lambda z, t: 2 * sqrt(z) + sqrt(z) * z * (mpf(2) / 3 + z * t), lambda z: 2 * atanh(sqrt(z)))

show("kAtanTail", lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, mpf(0), mpf(7) ** 2 / 256 * mpf("1.001"), 11,
     lambda z, p: sqrt(z) * (1 + z * p), lambda z: atan(sqrt(z)))

z_max = (pi / 4) ** 2 * mpf("1.001")
show("kSinTail", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, mpf(0), z_max, 6,
     lambda z, p: sqrt(z) * (1 + z * p), lambda z: sin(sqrt(z)))
show("kCosTail", lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, mpf(0), z_max, 5,
     lambda z, p: 1 - z / 2 + z * z * p, lambda z: cos(sqrt(z)))


def parts(name, value, bits):
    """Splits value into a sum of doubles of the given numbers of bits: n times a short one is exact."""
    print(name)
    for width in bits:
        exponent = int(floor(log(abs(value), 2)))
        unit = mpf(2) ** (exponent - width + 1)
        part = mpf(float(value)) if width == 53 else floor(value / unit) * unit
        print(f"    {float(part)!r}  # {float(part).hex()}")
        value -= part


parts("ln 2 (42 + 53 bits)", log(mpf(2)), [42, 53])
parts("1 / ln 2", 1 / log(mpf(2)), [53])
parts("2 / 3", mpf(2) / 3, [53, 53])
parts("pi / 2 (33 + 33 + 33 + 53 bits)", pi / 2, [33, 33, 33, 53])
parts("pi / 2 (53 + 53 bits)", pi / 2, [53, 53])
parts("2 / pi", 2 / pi, [53])
parts("atan(5/8)", atan(mpf(5) / 8), [53, 53])
parts("atan(5/4)", atan(mpf(5) / 4), [53, 53])

mp.prec = 1400
print("2 / pi in 32-bit words after the binary point")
rest, words = 2 / pi, []
for _ in range(39):
    rest *= 2 ** 32
    words.append(int(floor(rest)))
    rest -= floor(rest)
for i in range(0, 39, 8):
    print("    " + ", ".join(f"0x{w:08x}" for w in words[i:i + 8]) + ",")
