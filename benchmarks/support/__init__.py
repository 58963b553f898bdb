"""Code that several benchmarks share."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / "build" / "benchmarks"  # virtual environments and indexes, kept between runs; git ignores it
