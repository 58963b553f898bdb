"""Speed and size of the answers of `relmgr mcp`.

A client of the SDK (`pip install 'relmgr[mcp]'`) talks to the server as an agent does. Each library is indexed before.

- Latency: after the first answer, each of some random words of the library is searched once. The processor time is that
  of the server, on Linux.
- Tokens: the question is the heading of a section of two words or more, drawn at random. If `search` shows the section
  whole, that is the answer; else `section` is asked for it, or for the first hit where it is not among the hits, with
  all pages. A question is answered if every word of the section is in the answer. What all calls cost, their arguments
  included, is divided by the characters of the file, which an agent would read without relmgr. A token is taken for
  four characters; in the ratio this cancels out. A tenth is "possible" where the section is at most a tenth.
"""

import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import parser_for
from benchmarks.support.processes import RELMGR, environment
from relmgr_cli.config import read_settings
from relmgr_cli.core.library import QuietReporter, open_library
from relmgr_cli.corpus.files import read_text
from relmgr_cli.store.articles import list_articles, load_article

WORDS = 200
QUESTIONS = 200
CHARACTERS_PER_TOKEN = 4
SIZES = (0, 5_000, 10_000, 20_000, 40_000)  # characters of a file, the least of each class
TENTH = 0.1  # of a file, which an answer should not exceed
WORD = re.compile(r"[^\W\d_]{4,}")
WHOLE = re.compile(r"^\d+ > ", re.MULTILINE)  # a block with its line: the text of a section, not its best sentence
MORE = re.compile(r"; for the rest: page=(\d+)$", re.MULTILINE)
MIN_WORDS = 2  # of a heading


class Question(NamedTuple):
    """A heading, and where it is."""

    text: str
    address: str
    answer: str  # the text of the section
    characters: int  # of the file


class Cost(NamedTuple):
    """What a question has cost."""

    characters: int  # of the file
    share: float  # of them that all answers and their arguments have
    least: float  # of them that the section has
    is_answered: bool


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("library", nargs="*", type=Path, help="folders of articles (default: the bundled ones)")
    parser.add_argument("--home", metavar="PATH", type=Path, help="where the indexes are kept (default: nowhere)")
    options = parser.parse_args(argv)
    for library in options.library or [CHECKOUT / "seeds"]:
        with tempfile.TemporaryDirectory(prefix="relmgr-mcp-") as folder:
            run(library.resolve(), options.home or Path(folder))
    return 0


def run(library: Path, home: Path) -> None:
    """Print what one library gives."""
    variables = environment(home)
    subprocess.run([*RELMGR, "-C", str(library), "index"], env=variables, check=True, cwd=CHECKOUT)
    words, questions = draw(library, home)
    latencies, processor, costs = asyncio.run(ask(library, variables, words, questions))
    milliseconds = sorted(1000 * seconds for seconds in latencies)
    print(f"\n{library.name}: {len(words)} words: median {statistics.median(milliseconds):.0f} ms,", end=" ")
    print(f"95 % {milliseconds[int(0.95 * len(milliseconds))]:.0f} ms, most {milliseconds[-1]:.0f} ms;", end=" ")
    print(f"processor time, mean {1000 * processor / max(1, len(latencies)):.0f} ms", flush=True)
    print_costs(costs)


def draw(library: Path, home: Path) -> tuple[list[str], list[Question]]:
    """Return random words of a library and questions about it, the same ones in every run."""
    os.environ.update(HOME=str(home))
    settings = read_settings(os.environ, library=[library])
    opened = open_library(settings.roots, settings.cache_folder, QuietReporter())
    words: set[str] = set()
    questions = []
    for summary in list_articles(opened.database):
        article = load_article(opened.database, summary.number, languages=[])
        document = article.documents[article.source]
        text, _ = read_text(document.root, document.path)
        words.update(word for block in document.blocks for word in WORD.findall(block.text))
        for section in article.sections:
            if (index := section.indexes.get(article.source)) is None:
                continue
            heading = document.heading(document.sections[index])
            if len(heading.split()) >= MIN_WORDS:
                answer = "\n".join(block.text for block in document.blocks_of(document.sections[index]))
                questions.append(Question(heading, f"{article.id}#{section.number}", answer, len(text)))
    opened.database.close()
    rng = random.Random(7)  # noqa: S311
    return rng.sample(sorted(words), min(WORDS, len(words))), rng.sample(questions, min(QUESTIONS, len(questions)))


async def ask(
    library: Path, variables: dict[str, str], words: Sequence[str], questions: Sequence[Question]
) -> tuple[list[float], float, list[Cost]]:
    """Return the seconds that words take after the first answer, those of the processor, and what questions cost."""
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program, *arguments = [*RELMGR, "-C", str(library), "mcp"]
    parameters = StdioServerParameters(command=program, args=arguments, env=variables, cwd=CHECKOUT)
    seconds = []
    async with Client(stdio_client(parameters)) as client:
        await call(client, "search", query=words[0])
        used = processor_seconds()
        for word in words[1:]:
            start = time.perf_counter()
            await call(client, "search", query=word)
            seconds.append(time.perf_counter() - start)
        used = processor_seconds() - used
        costs = [await cost_of(client, question) for question in questions]
    return seconds, used, costs


def processor_seconds() -> float:
    """Return the processor time that the child processes have used; 0 where there is no /proc."""
    try:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
        times = [Path(f"/proc/{child}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13] for child in children]
    except OSError:
        return 0.0
    return sum(int(ticks) for each in times for ticks in each) / os.sysconf("SC_CLK_TCK")


async def cost_of(client: Any, question: Question) -> Cost:
    """Return what a question costs: the hits, then the section that answers it or else the first one, if not shown."""
    answer, characters = await call(client, "search", query=question.text)
    addresses = re.findall(r"^\d+\. (\S+#[\d.]+)", answer, re.MULTILINE)
    if addresses and not WHOLE.search(answer):
        address = question.address if question.address in addresses else addresses[0]
        page = 1
        while page:
            more, cost = await call(client, "section", article=address, **({"page": page} if page > 1 else {}))
            answer += f"\n{more}"
            characters += cost
            page = int(found[1]) if (found := MORE.search(more)) else 0
    missing = Counter(WORD.findall(question.answer)) - Counter(WORD.findall(answer))
    least = len(question.answer) / question.characters
    return Cost(question.characters, characters / question.characters, least, not missing)


async def call(client: Any, tool: str, **arguments: str | int) -> tuple[str, int]:
    """Return the answer of a tool, and the characters of the call and the answer."""
    result = await client.call_tool(tool, arguments)
    text = "".join(content.text for content in result.content)
    if result.is_error:
        sys.exit(f"{tool} {arguments}: {text}")
    return text, len(text) + len(tool) + len(json.dumps(arguments, ensure_ascii=False))


def print_costs(costs: Sequence[Cost]) -> None:
    """Print a line for each class of file sizes."""
    print(f"{'characters':>12}{'questions':>11}{'answered':>10}{'tokens':>8}", end="")
    print(f"{'of file':>9}{'of all files':>14}{'at most a tenth':>17}{'possible':>10}")
    for least, following in zip(SIZES, (*SIZES[1:], 1 << 60), strict=True):
        some = [cost for cost in costs if least <= cost.characters < following]
        if some:
            answered = sum(cost.is_answered for cost in some) / len(some)
            tokens = statistics.median(cost.share * cost.characters for cost in some) / CHARACTERS_PER_TOKEN
            median = statistics.median(cost.share for cost in some)
            of_all = sum(cost.share * cost.characters for cost in some) / sum(cost.characters for cost in some)
            small = sum(cost.share <= TENTH for cost in some) / len(some)
            possible = sum(cost.least <= TENTH for cost in some) / len(some)
            print(f"{least:>11}+{len(some):>11}{answered:>10.3f}{tokens:>8.0f}", end="")
            print(f"{median:>9.3f}{of_all:>14.3f}{small:>17.3f}{possible:>10.3f}", flush=True)
