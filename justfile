# Common tasks in a checkout; `just` lists them.

venv := ".venv/bin"

default:
    @just --list

# make the virtual environment with everything in it
setup:
    python3 -m venv .venv
    {{venv}}/pip install --quiet -e '.[test,lint]'

# the fast tests, or some of them: just test tests/cli/test_search.py -n0
test *arguments:
    {{venv}}/pytest {{arguments}}

# what the fast tests leave out: injected faults, whole corpora, generated inputs in full
slow *arguments:
    {{venv}}/pip install --quiet -e '.[slow,epub]'
    HYPOTHESIS_PROFILE=thorough {{venv}}/pytest -m "slow or hypothesis" {{arguments}}

# formatting and lint
lint:
    {{venv}}/ruff format --check .
    {{venv}}/ruff check .

# types and import contracts
types:
    {{venv}}/mypy
    {{venv}}/lint-imports

# everything, as the server does
ci:
    .ci/run

# how long it takes to start; the other benchmarks: benchmarks/README.md
bench *arguments:
    {{venv}}/python -m benchmarks startup {{arguments}}
