"""The picker of headings, which also quits at the command of vi."""

from textual.app import App

from relmgr_cli import messages
from relmgr_cli.corpus.article import Article
from relmgr_cli.languages.normalization import fold
from relmgr_cli.reader.screens.picker import Choice, FilterPicker
from relmgr_cli.reader.widgets.outline import outline_entries
from relmgr_cli.store.articles import section_headings

_QUIT = "q"


class HeadingPicker(FilterPicker[str]):
    """A picker of sections; `:q` quits the reader as it quits vi, unless a heading is just that."""

    async def action_accept(self) -> None:
        """Pick the highlighted heading, or quit."""
        if self._input.value.strip() == _QUIT and all(fold(choice.text) != _QUIT for choice in self._choices):
            self.app.exit()
        else:
            await super().action_accept()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the input have q."""
        return action != "close" and super().check_action(action, parameters)


async def choose_heading(app: App[object], article: Article, language: str, current: str) -> str | None:
    """Let the user choose a section by its heading in any language; return its number."""
    entries = outline_entries(article, language)
    sections = {section.number: section for section in article.sections}
    choices = [
        Choice(
            entry.number,
            f"{'  ' * entry.number.count('.')}{entry.number}",
            entry.heading,
            entry.state.strip(),
            keywords=" ".join(section_headings(article, sections[entry.number]).values()),
        )
        for entry in entries
    ]
    index = next((index for index, entry in enumerate(entries) if entry.number == current), 0)
    return await app.push_screen_wait(HeadingPicker(messages.HEADINGS, choices, index))
