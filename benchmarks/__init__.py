"""Benchmarks and robustness checks. `python -m benchmarks` lists them; README.md has the latest results."""
