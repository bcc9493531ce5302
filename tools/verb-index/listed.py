"""The list of verbs that the build has written into the jar of the DSL: what `sc.help` reads."""

import json
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JARS = ROOT / "kernels" / "script" / "target" / "dist" / "lib"


def index():
    for jar in JARS.glob("cellweave-dsl-*.jar"):
        with zipfile.ZipFile(jar) as archive:
            return json.loads(archive.read("META-INF/cellweave/verbs.json"))
    sys.exit(f"{JARS} has no cellweave-dsl-*.jar: build first, by mvn verify or ./cellweave")
