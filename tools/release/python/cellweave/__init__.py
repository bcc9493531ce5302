"""Single-cell analysis on the JVM: the command `cellweave` and the Jupyter kernel "Cellweave (Kotlin)"."""

from importlib.metadata import version as _version
from pathlib import Path

__version__ = _version("cellweave")

HOME = Path(__file__).resolve().parent / "program"
