"""Other shops' HTML as our plain paragraphs: nothing of a stranger's markup is ever shown."""

import re
from html.parser import HTMLParser

LONGEST_SOURCE, LONGEST = 200_000, 20_000
BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
     "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li",
     "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul")
)  # fmt: skip
SILENT = frozenset(
    ("audio", "canvas", "embed", "head", "iframe", "math", "noscript", "object", "script", "style", "svg", "template",
     "title", "video")
)  # fmt: skip
_TAG = re.compile(r"<[a-zA-Z/!?]|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")


class _Paragraphs(HTMLParser):
    """Gathers the text between block elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS:
            self.end()
            if tag == "li":
                self.words.append("• ")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    def end(self) -> None:
        paragraph = " ".join("".join(self.words).split())
        if paragraph.strip("• "):
            self.paragraphs.append(paragraph)
        self.words = []


def plain(source: str) -> str:
    """Return the text of HTML or of a plain text as paragraphs with an empty line between them."""
    source = readable(source[:LONGEST_SOURCE].replace("\\n", "\n").replace("\\r", ""))
    if not _TAG.search(source):
        parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", source)]
        return "\n\n".join(part for part in parts if part)[:LONGEST].strip()
    reader = _Paragraphs()
    # Plain texts with a tag here and there part their paragraphs by empty lines.
    reader.feed(re.sub(r"\n\s*\n", "<p>", source))
    reader.close()
    reader.end()
    return "\n\n".join(reader.paragraphs)[:LONGEST].strip()


def line(source: str, longest: int) -> str:
    """Return the text of HTML or of a plain text in one line, cut at a word where it is too long."""
    flat = " ".join(plain(source).split())
    return flat if len(flat) <= longest else flat[: longest - 1].rsplit(" ", 1)[0] + "…"


def readable(text: str) -> str:
    """Drop what no text of the database can hold, and bring line ends into one form."""
    if text.isprintable():
        return text
    return re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", re.sub(r"\r\n?", "\n", text))
