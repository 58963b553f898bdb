"""The hook for pre-commit and the action for GitHub call the command as it is."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Relmgr

ROOT = Path(__file__).parents[1]


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.usefixtures("indexed_seeds")
def test_the_hook_is_a_command_that_takes_files(relmgr: Relmgr) -> None:
    (hook,) = load(".pre-commit-hooks.yaml")
    program, *arguments = shlex.split(hook["entry"])
    assert (hook["id"], program, hook["language"]) == ("relmgr-check", "relmgr", "python")
    files = sorted(str(path) for path in (ROOT / "seeds").iterdir())
    assert relmgr("--bundled", *arguments, *files).code == 0
    assert [name for name in ("a.md", "b/c.mdx", "x.py", "md") if re.search(hook["files"], name)] == ["a.md", "b/c.mdx"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, ["check", "--format", "github", "--fail-on=error", "--"]),
        (
            {"PATHS": "docs a.md", "FAIL_ON": "never", "CHANGED": "origin/main", "ARGUMENTS": "--lang pl"},
            [
                *("check", "--format", "github", "--fail-on=never", "--lang", "pl", "--changed=origin/main", "--"),
                *("docs", "a.md"),
            ],
        ),
        ({"PATHS": "$(touch sprung) `touch sprung`"}, None),
    ],
)
def test_the_action_passes_its_inputs_as_arguments(
    tmp_path: Path, inputs: dict[str, str], expected: list[str] | None
) -> None:
    step = load("action.yml")["runs"]["steps"][-1]
    program = tmp_path / "relmgr/bin/relmgr"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nfor each in "$@"; do echo "$each"; done\n')
    program.chmod(0o755)
    defaults = {name: "error" if name == "FAIL_ON" else "" for name in step["env"]}
    variables = {**os.environ, **defaults, **inputs, "TEMP_FOLDER": str(tmp_path)}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    result = subprocess.run(shell, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    if expected is not None:
        assert result.stdout.splitlines() == expected
    assert not (tmp_path / "sprung").exists()


def test_every_input_of_the_action_is_used_and_nothing_else_is_fetched() -> None:
    action = load("action.yml")
    used = {name for step in action["runs"]["steps"] for name in re.findall(r"inputs\.([\w-]+)", str(step["env"]))}
    assert used == set(action["inputs"])
    assert not any("uses" in step for step in action["runs"]["steps"])
    assert not any("${{" in step["run"] for step in action["runs"]["steps"])
