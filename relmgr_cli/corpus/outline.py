"""Numbers the sections of a document or an article: 1, 1.1, 1.2, 2, ..."""


class SectionNumbers:
    """Counts sections by depth, so that a heading level that the author skipped does not show in the numbers."""

    def __init__(self) -> None:
        self._levels: list[int] = []  # of the last section and of the sections that contain it
        self._counts: list[int] = []

    def next(self, level: int) -> str:
        """Return the number of the next section, whose heading has this level."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        depth = len(self._levels)
        self._counts = [*self._counts[:depth], *[0] * (depth - len(self._counts))]
        self._counts[-1] += 1
        return ".".join(map(str, self._counts))
