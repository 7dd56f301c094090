#!/usr/bin/python3
"""Every sign that the app can write is in the ranges that are baked (web/app/fonts.cpp) and in the packed fonts."""

import re
import sys
import unittest
from pathlib import Path

from fontTools import ttLib

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "build" / "site" / "fonts"
# The faces of fonts.cpp; each falls back to the last two.
FACES = ["Inter-Regular.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf"]
FALLBACKS = ["STIXMath-Regular.otf", "DejaVuSans.ttf"]

STRING = re.compile(r'(?:R"\((?P<raw>.*?)\)")|"(?P<plain>(?:[^"\\\n]|\\.)*)"', re.S)
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/', re.S)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|((?:\\x[0-9A-Fa-f]{2})+)")


def literals(source):
    """The strings of a C++ file, with their escapes of letters undone. Quotes in comments are rare, and harmless here."""
    for match in STRING.finditer(COMMENT.sub("", source)):
        text = match["raw"] if match["raw"] is not None else match["plain"]

        def undo(found):
            if found[3]:
                return bytes(int(byte, 16) for byte in found[3].split("\\x")[1:]).decode("utf-8", "replace")
            return chr(int(found[1] or found[2], 16))

        yield ESCAPE.sub(undo, text)


def ranges(name):
    text = (ROOT / "web" / "app" / "fonts.cpp").read_text()
    body = re.search(name + r"\[\] = \{(.*?), 0\};", text, re.S)[1]
    numbers = [int(number, 16) for number in re.findall(r"0x([0-9A-F]+)", body)]
    return set().union(*(range(first, last + 1) for first, last in zip(numbers[::2], numbers[1::2])))


def signs_of(*fonts):
    return set().union(*(ttLib.TTFont(FONTS / font, lazy=True).getBestCmap() for font in fonts))


class Signs(unittest.TestCase):
    def test_texts_are_within_the_baked_ranges(self):
        baked = ranges("kAllSigns")
        missing = {}
        for folder in ("web", "engine"):
            for path in sorted((ROOT / folder).rglob("*")):
                if path.suffix in (".cpp", ".h", ".inl", ".def"):
                    texts = literals(path.read_text())
                elif path.parent == ROOT / "web" / "text" and path.suffix == ".txt":
                    texts = [path.read_text()]
                else:
                    continue
                for sign in set("".join(texts)):
                    if ord(sign) >= 0x80 and ord(sign) not in baked:
                        missing.setdefault(f"U+{ord(sign):04X} {sign}", []).append(str(path.relative_to(ROOT)))
        self.assertEqual(missing, {})

    def test_ranges_are_in_the_fonts(self):
        for face in FACES:
            have = signs_of(face, *FALLBACKS)
            # Code points that Unicode leaves free inside a range are no loss.
            for name in ("kPlainSigns", "kAllSigns", "kNumberSigns"):
                lacks = [f"U+{code:04X}" for code in sorted(ranges(name) - have) if chr(code).isprintable()]
                self.assertEqual(lacks, [], f"{name} of {face}")

    def test_german_is_in_every_size(self):
        for name in ("kPlainSigns", "kAllSigns", "kNumberSigns"):
            for sign in "äöüÄÖÜß„“–…×·−":
                self.assertIn(ord(sign), ranges(name), f"{sign} in {name}")

    def test_a_missing_sign_would_be_found(self):
        self.assertIn("中", "".join(literals('auto a = "x \\u4e2d";')))
        self.assertNotIn(ord("中"), ranges("kAllSigns"))


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromTestCase(Signs))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
