"""Hypothesis strategies for articles and views."""

from hypothesis import strategies as st
from pilot import article_of

from relmgr_cli.config import Arrangement
from relmgr_cli.reader.model.rows import ArticleRows, View

WORDS = "Zażółć gęślą jaźń hamulce a i w 12 x-ray don't 漢字かな żółw Ünïcödé e\u0301t\u00a0al עברית".split(" ")
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
BLOCKS = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda text: f"## {text}"),
    SENTENCES.map(lambda text: f"- {text}\n- {text[::-1]}"),
    SENTENCES.map(lambda text: f"> {text}\n>\n> - {text}"),
    SENTENCES.map(lambda text: f"1. **{text}** [{text[:9]}](other.md) `{text[:5]}`"),
    SENTENCES.map(lambda text: f"```python\n{text}\n\tdef x():\n\n{text}\n```"),
    SENTENCES.map(lambda text: f"\\x1b&#27;[31m{text}\u202e\u200b{text}"),
    st.lists(SENTENCES, min_size=2, max_size=2).map(lambda cells: f"| a | b |\n|---|---|\n| {cells[0]} | {cells[1]} |"),
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)
VIEWS = st.builds(
    View,
    languages=st.sampled_from([("pl",), ("ru",), ("pl", "ru"), ("ru", "pl")]),
    mode=st.sampled_from(Arrangement),
    width=st.integers(20, 200),
    measure=st.integers(24, 160),
    plain=st.just(value=False),
)


def rows_of(polish: str, russian: str, view: View) -> ArticleRows:
    if len(view.languages) > 1 and view.mode is Arrangement.SINGLE:
        view = view._replace(languages=view.languages[:1])
    return ArticleRows(article_of({"pl": polish, "ru": russian}), view)
