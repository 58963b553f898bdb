"""What is to the left of the text of a page: the lines of the file where blocks begin, and marks of bookmarks."""

from collections.abc import Collection

from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.line import Line, line_of
from relmgr_cli.reader.model.rows import ArticleRows

_BOOKMARK = "◆"  # in the cell before the text


class Margin:
    """The margin of a page."""

    def __init__(self) -> None:
        self.has_numbers = False
        self.bookmarks: Collection[tuple[str, int]] = frozenset()  # language and index of blocks
        self._bookmarked: Collection[int | None] = frozenset()  # rows

    def mark(self, rows: ArticleRows) -> None:
        """Find the rows of the bookmarks."""
        self._bookmarked = frozenset(rows.row_of_block(language, block) for language, block in self.bookmarks)

    def width(self, article: Article) -> int:
        """Return the cells that line numbers need in all translations of an article, with the one of a bookmark."""
        if not self.has_numbers:
            return 0
        last = max((each.blocks[-1].line for each in article.documents.values() if each.blocks), default=0)
        return len(str(last)) + len(_BOOKMARK)

    def on_line(self, rows: ArticleRows, row: int, line: int) -> Line:
        """Return what is before a line of a row: its first line has the number and the bookmark."""
        if not row or line != rows.size(row).leading_blank:
            return []
        mark = _BOOKMARK if row in self._bookmarked else ""
        if not self.has_numbers:
            return line_of((f"{mark} ", "note")) if mark else []
        blocks = rows.blocks(row, rows.layout.languages[0])
        return line_of((str(blocks[0].line) if blocks else "", "dim"), (mark or " ", "note"))
