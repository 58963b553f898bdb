"""The benchmarks start in one way and are documented. They are not run here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCHMARKS = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))


@pytest.fixture(autouse=True)
def _benchmarks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT)])


def test_without_a_name_every_benchmark_is_listed_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.__main__ import main, summaries

    assert main([]) == 0
    listed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.partition("benchmarks:\n")[2].splitlines())
    assert listed == summaries()
    assert sorted(listed) == BENCHMARKS
    assert all(summary.endswith(".") for summary in listed.values())


def test_an_unknown_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.__main__ import main

    assert main(["nonesuch"]) == 2
    assert "no benchmark named 'nonesuch'" in capsys.readouterr().err


@pytest.mark.parametrize("name", BENCHMARKS)
def test_help_shows_the_docstring(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.__main__ import main, summaries

    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    help_text = capsys.readouterr().out
    assert help_text.startswith(f"usage: python -m benchmarks {name} [-h]")
    assert summaries()[name] in help_text


def test_missing_corpora_are_reported_in_one_line() -> None:
    from benchmarks.__main__ import main

    with pytest.raises(SystemExit, match=r"^no corpora in /nonesuch; pass their folder with --corpora PATH$"):
        main(["language", "--corpora", "/nonesuch"])


@pytest.mark.slow
def test_the_modules_load_without_numpy() -> None:
    code = f"import sys; sys.modules['numpy'] = None\nfrom benchmarks import {', '.join(BENCHMARKS)}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_the_readme_has_its_command_and_its_results(name: str) -> None:
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    commands, _, results = readme.partition("\n## ")
    assert f"| `python -m benchmarks {name}" in commands
    assert f"\n## {name}\n" in "\n## " + results
