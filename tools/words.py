"""The words of the lessons: web/lessons/<slug>.<language>.md to HTML, to the list of lessons, and to what search reads.

A file begins with lines `title:`, `summary:`, `topic:` and `decks:` between two lines `---`; then comes Markdown without raw
HTML. Errors are WordsError with a sentence that names the file.
"""

import html
import json
import re
from pathlib import Path

LANGUAGES = ("en", "de")
FIELDS = ("title", "summary", "topic", "decks")


class WordsError(Exception):
    pass


def slugs(root):
    """In the order of lessons.def."""
    names = re.findall(r"^LESSON\((\w+)\)", (root / "web/lessons/lessons.def").read_text(), re.M)
    return [name.replace("_", "-") for name in names]


def decks(root):
    found = re.findall(r'^DECK\("(\d+)", "(.*)"\)', (root / "web/lessons/decks.def").read_text(), re.M)
    return [{"number": number, "title": title} for number, title in found]


def source_of(root, slug, language):
    return root / f"web/lessons/{slug}.{language}.md"


def sources(root):
    lists = [root / "web/lessons/lessons.def", root / "web/lessons/decks.def", Path(__file__)]
    return lists + [source_of(root, slug, language) for slug in slugs(root) for language in LANGUAGES]


def read(path):
    """(fields, Markdown) of a file."""
    text = path.read_text(encoding="utf-8")
    parts = re.match(r"---\n(.*?)\n---\n(.*)", text, re.S)
    if not parts:
        raise WordsError(f"{path.name} does not begin with its fields between two lines '---'.")
    fields = {}
    for line in parts[1].split("\n"):
        name, colon, value = line.partition(": ")
        if not colon or name not in FIELDS or name in fields or not value.strip():
            raise WordsError(f"{path.name} has a line '{line}' among its fields, which are {', '.join(FIELDS)}, once each.")
        fields[name] = value.strip()
    missing = [name for name in FIELDS if name not in fields]
    if missing:
        raise WordsError(f"{path.name} has no {', '.join(missing)}.")
    return fields, parts[2]


def to_html(path):
    """The fragment that the page shows. Headings begin at <h2>; raw HTML is refused, because the page trusts the fragment."""
    import markdown  # not needed by the other steps

    _, text = read(path)
    raw = re.search(r"<[A-Za-z/!?]", re.sub(r"`[^`\n]*`", "", text))
    if raw:
        raise WordsError(f"{path.name} has raw HTML at '{text[raw.start() : raw.start() + 30]}'.")
    if re.search(r"^# ", text, re.M):
        raise WordsError(f"{path.name} has a heading with one #; the page makes that one of the title.")
    made = markdown.markdown(text, extensions=["tables", "sane_lists"], output_format="html")
    for address in re.findall(r'(?:href|src)="([^"]*)"', made):
        if not address.startswith("#/"):
            raise WordsError(f"{path.name} links to {address}; words link to lessons, '#/…'.")
    return made.replace(" × ", "\u00a0×\u00a0") + "\n"  # "5 × 5" stays on one line


def plain(path):
    """What search looks through: the words without their marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", to_html(path))).split())


def list_of_lessons(root):
    """lessons.json: what the table of contents shows."""
    known = decks(root)
    entries = []
    for slug in slugs(root):
        entry = {"slug": slug}
        for language in LANGUAGES:
            fields, _ = read(source_of(root, slug, language))
            numbers = [number.strip() for number in fields["decks"].split(",")]
            strange = [number for number in numbers if number not in [deck["number"] for deck in known]]
            if strange or numbers != entry.setdefault("decks", numbers):
                raise WordsError(f"{slug}.{language}.md has decks {fields['decks']}: decks.def or another language differs.")
            entry[language] = {name: fields[name] for name in ("title", "summary", "topic")}
        entries.append(entry)
    return {"languages": list(LANGUAGES), "decks": known, "lessons": entries}


def static_list(root):
    """The list of lessons in index.html, for the first moment, for search engines, and for browsers that run no program."""
    lines, topic = [], None
    for lesson in list_of_lessons(root)["lessons"]:
        words = {name: html.escape(text) for name, text in lesson["en"].items()}
        if words["topic"] != topic:
            lines += ["        </ul>"] if topic is not None else []
            lines += [f"        <h3>{words['topic']}</h3>", "        <ul>"]
            topic = words["topic"]
        lines.append(f"          <li><a href=\"#/{lesson['slug']}\">{words['title']}</a> {words['summary']}</li>")
    return "\n".join(lines + ["        </ul>"]) if lines else ""


def table_of(root, language):
    """web/text/<language>.txt, and what the lessons' own files translate: their titles, summaries and topics."""
    blocks = {}
    for slug in slugs(root):
        english, foreign = (read(source_of(root, slug, which))[0] for which in (LANGUAGES[0], language))
        blocks |= {english[name]: foreign[name] for name in ("title", "summary", "topic")}
    own = (root / f"web/text/{language}.txt").read_text(encoding="utf-8")
    return own.rstrip("\n") + "\n\n" + "".join(f"{text}\n{foreign}\n\n" for text, foreign in blocks.items())


def plan(site, root):
    """Adds the words to what tools/pack_site.py puts together."""
    for slug in slugs(root):
        for language in LANGUAGES:
            source = source_of(root, slug, language)
            site.add(f"lessons/{slug}.{language}.html", [source, __file__], lambda source=source: to_html(source).encode())
    dump = lambda data: (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
    site.add("lessons.json", sources(root), lambda: dump(list_of_lessons(root)))
    for language in LANGUAGES:
        everything = lambda language=language: dump({slug: plain(source_of(root, slug, language)) for slug in slugs(root)})
        site.add(f"lessons/words.{language}.json", sources(root), everything)
    for language in LANGUAGES[1:]:
        texts = lambda language=language: (table_of(root, language)).encode()
        site.add(f"text/{language}.txt", [root / f"web/text/{language}.txt", *sources(root)], texts)
    page = root / "index.html"
    mark = "        <!-- @LESSONS@ -->"
    if page.read_text().count(mark) != 1:
        raise WordsError(f"index.html needs one line '{mark.strip()}'.")
    site.add("index.html", [page, *sources(root)], lambda: page.read_text().replace(mark, static_list(root)).encode())
