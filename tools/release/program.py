"""Puts the finished program together from what `mvn verify` built: the launcher, and the jars with the natives of one platform.

The wheels and the zip hold the same folder:

  cellweave      the launcher; `lib` beside it tells it that there is nothing to build
  lib            jars that scripts and notebooks share
  script         what only scripts need
  compiler       Kotlin's compiler, which the notebooks' kernel brings itself
  kernel         what only notebooks need
  jupyter        what installs the kernel
"""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS, NOTEBOOKS = (ROOT / "kernels" / name / "target" / "dist" for name in ("script", "jupyter"))
JUPYTER = ROOT / "kernels" / "jupyter" / "src" / "main" / "python"
PAPERS = ["LICENSE", "NOTICE", "THIRD-PARTY.md"]
COMPILER = re.compile(r"kotlin-(compiler|scripting-compiler|scripting-compiler-impl|daemon)-embeddable-")

# Per platform: how jars name its natives, and the tag of its wheels where the natives' own symbols do not tell it.
PLATFORMS = {
    "linux-x86_64": (r"linux-x86_64|linux/x86_64|linux/amd64|linuxX64", None),
    "linux-arm64": (r"linux-arm64|linux/aarch64|linuxArm64", None),
    "macosx-arm64": (r"macosx-arm64|macos/aarch64|darwin/aarch64|macosArm64", "macosx_11_0_arm64"),
}
MACHINES = {"linux-x86_64": "x86_64", "linux-arm64": "aarch64"}
NATIVE = re.compile(r"\.(so(\.\d+)*|dll|dylib|jnilib)$")
NEEDS_NATIVES = ["javacpp", "openblas", "hdf5"]
STAMP = (2026, 1, 1, 0, 0, 0)


def fail(message):
    sys.exit(f"release: {message}")


def version():
    """The version of the POM."""
    return ET.parse(ROOT / "pom.xml").getroot().find("{*}version").text


def property_of(name):
    return ET.parse(ROOT / "pom.xml").getroot().find("{*}properties/{*}" + name).text


def python_version():
    """As pip writes it: what is not released yet comes before the release."""
    return version().replace("-SNAPSHOT", ".dev0")


def jars(folder):
    found = sorted(folder.glob("*.jar"))
    if not found:
        fail(f"{folder} has no jars: run mvn verify first")
    return found


def copy_jar(jar, target, platform):
    """A copy without the natives of other platforms; where there are none, the same bytes."""
    names, _ = PLATFORMS[platform]
    with zipfile.ZipFile(jar) as source:
        entries = source.infolist()
        kept = [e for e in entries if not NATIVE.search(e.filename) or re.search(names, e.filename)]
        if len(kept) == len(entries):
            shutil.copyfile(jar, target)
            return
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
            for entry in kept:
                copied = zipfile.ZipInfo(entry.filename, STAMP)
                copied.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(copied, source.read(entry))


def newest_glibc(folder):
    """The C library that the natives in the jars of a folder ask for, as (2, 17)."""
    needed = {(2, 17)}
    for jar in folder.rglob("*.jar"):
        with zipfile.ZipFile(jar) as source:
            for entry in source.infolist():
                if NATIVE.search(entry.filename):
                    found = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", source.read(entry))
                    needed |= {(int(major), int(minor)) for major, minor in found}
    return max(needed)


def wheel_tag(folder, platform):
    _, tag = PLATFORMS[platform]
    if tag:
        return tag
    major, minor = newest_glibc(folder)
    return f"manylinux_{major}_{minor}_{MACHINES[platform]}"


def check_natives(platform):
    for name in NEEDS_NATIVES:
        if not list((SCRIPTS / "lib").glob(f"{name}-*-{platform}.jar")):
            fail(f"{SCRIPTS / 'lib'} has no natives of {name} for {platform}: build with mvn -Dnative.classifier={platform} verify")


def kernel_folder(target, own, platform, java):
    """What only notebooks need. Kotlin DataFrame's integration becomes a jar of its own: see install.py."""
    sys.path.insert(0, str(JUPYTER))
    sys.dont_write_bytecode = True
    import install

    staged = target.parent / "staged"
    (staged / "lib").mkdir(parents=True)
    shutil.copytree(NOTEBOOKS / "dataframe", staged / "dataframe")
    (target / "lib").mkdir(parents=True)
    for jar in own:
        copy_jar(jar, staged / "lib" / jar.name, platform)
    shutil.rmtree(target / "lib")
    install.copy_jars(staged, target / "lib", target / "dataframe")
    shutil.rmtree(staged)
    library = [*(target / "lib").glob("*.jar"), *(target.parent / "lib").glob("*.jar"), *SCRIPTS.glob("lib/kotlin-stdlib-*.jar")]
    words = [java, "-cp", ":".join(map(str, library)), "org.cellweave.jupyter.VerbIndexKt"]
    (target / "verbs.json").write_bytes(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
    script = target / "js" / f"lets-plot-{install.LETS_PLOT}.min.js"
    if not install.lets_plot_script(script):
        shutil.rmtree(script.parent)
        print("release: Lets-Plot's script could not be fetched; notebooks will fetch it when the kernel is installed", file=sys.stderr)


def assemble(target, compiler, platform, java="java"):
    """Writes the program to `target`, which must not be there, and Kotlin's compiler to `compiler`."""
    check_natives(platform)
    scripts, notebooks = jars(SCRIPTS / "lib"), jars(NOTEBOOKS / "lib")
    shared = {jar.name for jar in scripts} & {jar.name for jar in notebooks}
    for folder in (target / "lib", target / "script", compiler):
        folder.mkdir(parents=True)
    for jar in scripts:
        folder = target / "lib" if jar.name in shared else compiler if COMPILER.match(jar.name) else target / "script"
        copy_jar(jar, folder / jar.name, platform)
    kernel_folder(target / "kernel", [jar for jar in notebooks if jar.name not in shared], platform, java)
    shutil.copy2(ROOT / "cellweave", target / "cellweave")
    shutil.copyfile(ROOT / "kernels/script/src/main/resources/org/cellweave/script/help.txt", target / "help.txt")
    shutil.copytree(JUPYTER, target / "jupyter", ignore=shutil.ignore_patterns("__pycache__"))
    (target / "tensorflow").write_text(property_of("tensorflow.version") + "\n")
    (target / "spark").mkdir()
    (target / "spark" / "version").write_text(property_of("spark.version") + "\n")
    for jar in (ROOT / "spark/target").glob(f"cellweave-spark-{version()}.jar"):
        copy_jar(jar, target / "spark" / jar.name, platform)
    for paper in PAPERS:
        shutil.copyfile(ROOT / paper, target / paper)
