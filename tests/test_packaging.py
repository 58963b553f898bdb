"""The dependencies are the same wherever they are listed."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def test_the_lowest_versions_are_those_that_are_allowed() -> None:
    floors = [re.match(r"([\w-]+)>=([\w.]+)", wanted) for wanted in (*PROJECT["dependencies"], *EXTRAS["test"])]
    lines = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    assert [f"{floor[1]}=={floor[2]}" for floor in floors if floor] == [line for line in lines if line[:1] != "#"]
    assert None not in floors


def test_linters_have_one_version_everywhere() -> None:
    assert all("==" in linter for linter in EXTRAS["lint"])
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    pins = re.findall(r"\w[\w-]*==[\w.]+", hooks)
    assert pins
    assert set(pins) <= set(EXTRAS["lint"])


def test_the_package_says_that_it_has_types() -> None:
    assert (ROOT / "relmgr_cli/py.typed").is_file()
    assert "Typing :: Typed" in PROJECT["classifiers"]
