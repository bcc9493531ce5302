"""Kotlin's compiler for the scripts of Cellweave."""

from pathlib import Path

HOME = Path(__file__).resolve().parent / "compiler"
