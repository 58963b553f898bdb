"""Public repositories with translations: their files, and which belong together according to `repositories.toml`."""

import re
import subprocess
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).parents[1] / "repositories.toml"
DOCUMENTS = (".md", ".mdx", ".markdown")

# What a site's configuration, or a reader of it, is called.
_CONFIGURATION = re.compile(
    r"(?:.*/)?(?:mkdocs\.ya?ml|_config\.ya?ml|docusaurus\.config\.[a-z]+|astro\.config\.[a-z]+|hugo\.[a-z]+"
    r"|(?:lunaria|next|nuxt)\.config\.[a-z]+|vant\.config\.[a-z]+|\.dumirc\.ts)"
    r"|(?:.*/)?\.(?:vitepress|vuepress)/config[^/]*(?:/[^/]+)?|config/_default/[^/]+"
)
_HEADER = re.compile(r"---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]*>")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = 3  # words of a line that is prose
_SEVERAL = 3
_COPIED = 0.5  # share of the prose that a copy has in common with the original


class Truth(NamedTuple):
    """What a file is according to the layout of its repository."""

    article: str
    language: str | None  # a tag; None if it is not judged
    source: str  # the language of the original
    is_copy: bool = False  # at least half of its prose is that of the original


class Repository:
    """A row of the table, with its files below `folder`."""

    def __init__(self, name: str, row: Mapping[str, Any], folder: Path) -> None:
        self.name = name
        self.layout: str = row["layout"]
        self.is_heap = isinstance(row["repository"], list)
        self.sources: list[str] = row["repository"] if self.is_heap else [row["repository"]]
        self.folder = folder / ("heap+" + name if self.is_heap else self.sources[0].replace("/", "+"))
        self.keep: str = row["keep"]
        self._language: str = row["source"]
        self._codes: Mapping[str, str] = row.get("codes", {})
        self._rules = [{**rule, "path": re.compile(rule["path"])} for rule in row["rules"]]

    @cached_property
    def truth(self) -> dict[str, Truth]:
        """What each document is, by path; documents that are not judged are left out."""
        found: dict[str, Truth] = {}
        for path in documents_below(self.folder):
            if truth := self._judge(path):
                found[path] = truth
        return self._with_copies(found)

    def _judge(self, path: str) -> Truth | None:
        for rule in self._rules:
            match = rule["path"].search(path)
            if not match:
                continue
            if rule.get("skip"):
                return None
            names = match.groupdict()
            source = rule.get("source", self._language)
            if rule.get("several") or not ("key" in names or "front_matter" in rule):
                return Truth(f"alone {path}", None, source)
            key = " ".join(names[name] for name in sorted(names) if name.startswith("key") and names[name])
            if "front_matter" in rule:
                key = header_value(self.folder / path, rule["front_matter"]) or f"alone {path}"
            named = names.get("lang")
            return Truth(key, self._tag(named) if named else rule["language"], source)
        return Truth(f"alone {path}", None, self._language)

    def _tag(self, name: str) -> str:
        return self._codes.get(name) or name.replace("_", "-")

    def _with_copies(self, found: dict[str, Truth]) -> dict[str, Truth]:
        prose = {path: prose_of(self.folder / path) for path in found}
        articles: dict[str, list[str]] = defaultdict(list)
        for path, truth in found.items():
            articles[truth.article].append(path)
        for paths in articles.values():
            original = {
                line for path in paths if found[path].language == found[path].source for line in prose[path]
            } | _in_several(prose[path] for path in paths)
            for path in paths:
                if found[path].language not in {None, found[path].source}:
                    shared = len(prose[path] & original)
                    found[path] = found[path]._replace(is_copy=shared >= max(1, _COPIED * len(prose[path])))
        return found

    def unpack(self, clones: Path) -> str:
        """Write the files of the repository; return which clone is missing, "" if none is. Nothing is written then."""
        found: list[tuple[Path, Path]] = []
        for source in self.sources:
            name = source.replace("/", "+")
            candidates = [clones / name / "repo", clones / name / ".git", clones / name]
            git = next((folder for folder in candidates if (folder / "HEAD").is_file()), None)
            if not git:
                return f"no clone of {source} in {clones / name}"
            found.append((git, self.folder / name if self.is_heap else self.folder))
        for git, folder in found:
            _unpack(git, folder, self.keep)
        return ""


def _in_several(texts: Iterable[set[str]]) -> set[str]:
    """Return the lines that three texts have: translations share only what is not translated."""
    counts = Counter(line for text in texts for line in text)
    return {line for line, count in counts.items() if count >= _SEVERAL}


def load(folder: Path) -> dict[str, Repository]:
    """Return the repositories of the table by name; `folder` has or gets their files."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return {name: Repository(name, row, folder) for name, row in table.items()}


def documents_below(folder: Path) -> list[str]:
    """Return the paths of the documents below a folder, relative to it."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in DOCUMENTS and path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths]


def header_value(path: Path, key: str) -> str | None:
    """Return the value of a key in the front matter of a file, as it is written."""
    header = _HEADER.match(path.read_text("utf-8", "replace"))
    found = re.search(rf"^{key}:[ ]*(\S.*)$", header[1], re.MULTILINE) if header else None
    return found[1].strip().strip("\"'") if found else None


def prose_of(path: Path) -> set[str]:
    """Return the lines of a file that are prose: at least three words, outside code."""
    text = path.read_text("utf-8", "replace")
    if header := _HEADER.match(text):
        text = text[header.end() :]
    lines = set()
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and not line.startswith(("import ", "export ", "|", "`")):
            stripped = " ".join(line.split())
            if len(_WORD.findall(_CODE.sub(" ", stripped))) >= _SENTENCE:
                lines.add(stripped)
    return lines


def _unpack(git: Path, folder: Path, keep: str) -> None:
    kept = re.compile(keep)
    listing = _git(git, "ls-tree", "-r", "-z", "HEAD").decode("utf-8", "replace").split("\0")
    blobs: list[tuple[str, str]] = []
    for entry in filter(None, listing):
        facts, _, path = entry.partition("\t")
        mode, _, blob = facts.split()
        if mode.startswith("100") and _is_kept(path, kept):
            blobs.append((blob, path))
    for (_, path), data in zip(blobs, _read_blobs(git, [blob for blob, _ in blobs]), strict=True):
        target = folder / path
        if data is not None and ".." not in target.parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _is_kept(path: str, kept: re.Pattern[str]) -> bool:
    return bool(_CONFIGURATION.fullmatch(path) or (path.endswith((*DOCUMENTS, ".txt")) and kept.search(path)))


def _read_blobs(git: Path, blobs: Iterable[str]) -> list[bytes | None]:
    output = _git(git, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode())
    found: list[bytes | None] = []
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        line = output[position:end].split()
        position = end + 1
        if line[-1] == b"missing":
            found.append(None)
            continue
        size = int(line[2])
        found.append(output[position : position + size])
        position += size + 1
    return found


def _git(git: Path, *arguments: str, given: bytes | None = None) -> bytes:
    command = ["git", f"--git-dir={git}", *arguments]
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout
