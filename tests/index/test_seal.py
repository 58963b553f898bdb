import fcntl
import gc
import os
from pathlib import Path

import pytest

from relmgr_cli.index.catalogue import open_catalogue
from relmgr_cli.index.seal import DATABASE, TEXT, Seal


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    (tmp_path / "catalogue.db").write_bytes(b"database")
    (tmp_path / "text-1").mkdir()
    (tmp_path / "text-1" / "a.term").write_bytes(b"terms")
    seal = Seal(tmp_path / "catalogue.db")
    with seal.broken(DATABASE, TEXT):
        pass
    return seal


def both(seal: Seal) -> tuple[bool, bool]:
    return seal.holds(DATABASE), seal.holds(TEXT)


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def test_what_nobody_has_changed_is_as_it_was_sealed(seal: Seal) -> None:
    assert both(seal) == (True, True)
    assert seal.path.stat().st_mode & 0o777 == 0o600


def test_a_changed_database_breaks_no_seal_of_the_full_text_and_the_other_way_round(seal: Seal) -> None:
    change(seal.database)
    assert both(seal) == (False, True)
    seal.settle()
    assert both(seal) == (False, True)
    change(seal.database.parent / "text-1/a.term")
    assert both(seal) == (False, False)


@pytest.mark.parametrize("name", ["catalogue.db-wal", "text-1/b.del", "text-2/a.term"])
def test_a_file_more_is_a_change(seal: Seal, name: str) -> None:
    place = seal.database.parent / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"")
    assert both(seal) == ((True, True) if name.endswith("-wal") else (True, False))
    place.write_bytes(b"more")
    assert both(seal) != (True, True)


def test_what_is_written_under_a_broken_seal_is_sealed(seal: Seal) -> None:
    with seal.broken(DATABASE):
        change(seal.database)
        assert both(seal) == (True, True)  # who looks now cannot tell, and believes
    assert both(seal) == (True, True)
    change(seal.database)
    assert both(seal) == (False, True)


def test_of_several_that_write_the_last_one_seals(seal: Seal) -> None:
    with seal.broken(DATABASE):
        with seal.broken(DATABASE, TEXT):
            change(seal.database)
        change(seal.database)
        change(seal.database.parent / "text-1/a.term")
        assert both(seal) == (True, True)
    assert both(seal) == (True, True)


def test_writing_does_not_make_damage_good(seal: Seal) -> None:
    change(seal.database)
    with seal.broken(DATABASE, TEXT):
        change(seal.database)
    assert both(seal) == (False, True)
    with seal.broken(DATABASE, anew=True):
        pass
    assert both(seal) == (True, True)


def test_after_a_failure_it_stays_broken_until_somebody_looks(seal: Seal) -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), seal.broken(DATABASE):
        fail()
    change(seal.database)
    assert both(seal) == (True, True)
    seal.settle()
    change(seal.database)
    assert both(seal) == (False, True)


@pytest.mark.parametrize("content", [b"", b"x", b"\xff" * 16, b"\0" * 16, b"-" * 16])
def test_a_seal_that_is_none_never_raises(seal: Seal, content: bytes) -> None:
    seal.path.write_bytes(content)
    assert both(seal) in ((True, True), (False, False))
    with seal.broken(DATABASE, TEXT):
        pass


def test_without_a_seal_everything_is_believed(seal: Seal) -> None:
    seal.path.unlink()
    seal.path.mkdir()
    with seal.broken(DATABASE):
        change(seal.database)
    assert both(seal) == (True, True)
    os.rmdir(seal.path)
    seal.settle()
    change(seal.database)
    assert both(seal) == (False, True)


def test_who_was_stopped_while_putting_the_seal_on_stops_nobody(seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.index.seal._PATIENCE", 0.05)
    with seal.path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with seal.broken(DATABASE):
            change(seal.database)
    assert both(seal) == (True, True)  # no seal is better than a wrong one
    seal.settle()
    change(seal.database)
    assert both(seal) == (False, True)


def test_a_connection_that_is_collected_while_the_seal_is_put_on_waits_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_catalogue(tmp_path, [tmp_path])
    cycle = [open_catalogue(tmp_path, [tmp_path])]
    cycle.append(cycle)  # type: ignore[arg-type]
    write = Seal._write  # noqa: SLF001

    def collect_and_write(seal: Seal, descriptor: int, part: int, mark: str) -> None:
        if "-" not in mark:
            cycle.clear()
            gc.collect()
        write(seal, descriptor, part, mark)

    monkeypatch.setattr(Seal, "_write", collect_and_write)
    with first.writing() as connection:
        connection.execute("UPDATE meta SET value = 7 WHERE key = 'state'")
    monkeypatch.undo()
    assert first.seal
    assert first.seal.holds(DATABASE)
    first.close()
