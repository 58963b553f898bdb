"""Units as an export receives them, and texts that its formats must not stumble over."""

from collections.abc import Sequence

from relmgr_cli.corpus.article import Article
from relmgr_cli.export.units import ExportArticle, ExportUnit, Request, Segment

DATE = "2026-01-31T09:30:00Z"
HOSTILE_TEXTS = (
    "]]> <script>alert(1)</script> &lt; &amp;lt; <!-- --> <![CDATA[ <?x?>",
    "&lol; <!ENTITY lol 'lol'> %s {name} \\n \\ \\\\ \"quoted\" 'single'",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",  # full width
    "#not a comment",
    'msgid "x"\nmsgstr "y"\n#, fuzzy\n#~ msgid',
    "\n\nbegins and ends with empty lines\n\n",
    "ends with a backslash \\",
    "a\tb\nc\td",
    "x" * 100_000,
    "e\u0301 \u200fעברית\u200e 👍🏽 \U0001f468\u200d\U0001f469",
)


def unit(
    section: str, kind: str = "paragraph", *, line: int = 1, doubtful: Sequence[str] = (), **texts: str
) -> ExportUnit:
    """Return a unit with a text in some languages, each in `LANGUAGE/a.md`."""
    segments = {tag: Segment(text, f"{tag}/a.md", line) for tag, text in texts.items()}
    return ExportUnit(section, kind, segments, frozenset(doubtful))


def article(*units: ExportUnit, name: str = "a") -> ExportArticle:
    """Return an article with these units."""
    return ExportArticle(Article(name, {}, (), (), None, "layout", "en"), units)


def request(*languages: str) -> Request:
    """Return a request for languages, the source first."""
    return Request(languages, "library", DATE)
