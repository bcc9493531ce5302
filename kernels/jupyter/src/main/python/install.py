"""Puts Cellweave into Jupyter: a kernel "Cellweave (Kotlin)", and `%use cellweave` for the plain Kotlin kernel.

Called by the launcher: install.py {install|uninstall} --dist FOLDER --jdk HOME [options]

A checkout's jars are copied, since its next build replaces them. With `--in-place` the jars of a finished program are used
where they lie.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
LETS_PLOT = "4.11.0"
KERNEL = "cellweave"
FOLDERS = ["lib", "dataframe"]
NAMES_INTEGRATIONS = "META-INF/kotlin-jupyter-libraries/"
RELAY = ["relay.py", "sealed.py", "requests_of_cells.py", "readable.py"]

# Where the plain Kotlin kernel looks for the user's own libraries.
PLAIN_DESCRIPTORS = Path(os.path.expanduser("~")) / ".jupyter_kotlin" / "libraries"


def fail(message):
    sys.exit(f"cellweave: {message}")


def need_packages():
    missing = []
    needed = {"run_kotlin_kernel": "kotlin-jupyter-kernel", "jupyter_core": "jupyter-core", "jupyter_client": "jupyter-client"}
    for module, package in needed.items():
        try:
            __import__(module)
        except ImportError:
            missing.append(package)
    if missing:
        fail(
            f"{sys.executable} lacks {' and '.join(missing)}. Install with\n"
            f"  {sys.executable} -m pip install kotlin-jupyter-kernel jupyterlab\n"
            "or name another Python: --python FILE (or CELLWEAVE_JUPYTER_PYTHON)"
        )


def data_folder(options):
    """The folder of Jupyter's data that the options choose."""
    if options.prefix:
        return Path(options.prefix).expanduser().resolve() / "share" / "jupyter"
    in_environment = sys.prefix != sys.base_prefix
    if options.sys_prefix or (in_environment and not options.user):
        return Path(sys.prefix) / "share" / "jupyter"
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir())


def describe_to_plain_kernel(options, home, described):
    """Lets `%use cellweave` work in the plain Kotlin kernel, which looks in the user's folder alone.

    An installation under a prefix may be one of several, and leaves what another one that is still there has written.
    """
    if not PLAIN_DESCRIPTORS.is_absolute():
        print("%use cellweave is not known to the plain Kotlin kernel: this user has no home folder")
        return
    other = other_installation(PLAIN_DESCRIPTORS / f"{KERNEL}.json", home)
    if options.prefix and other:
        print(f"%use {KERNEL} of the plain Kotlin kernel stays that of {other}; to change it, remove\n"
              f"{PLAIN_DESCRIPTORS / KERNEL}*.json and run this again")
        return
    for name, text in described.items():
        write(PLAIN_DESCRIPTORS / f"{name}.json", text)
    print(f"%use {KERNEL} for the plain Kotlin kernel in {PLAIN_DESCRIPTORS}")


def other_installation(descriptor, home):
    """The folder of another installation that a descriptor names, as long as its jars are there; else None."""
    try:
        jars = [Path(jar) for jar in json.loads(descriptor.read_text(encoding="utf-8"))["dependencies"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not jars or not all(jar.exists() for jar in jars) or home in jars[0].parents:
        return None
    return jars[0].parent.parent


def write(path, text):
    """Writes beside the target and moves, so that a running notebook server never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def jars_of(options, home):
    """Names of the jars that `%use cellweave` brings, and of what DataFrame's outputs want besides."""
    dist = Path(options.dist) if options.in_place else home
    lib = [*(dist / FOLDERS[0]).glob("*.jar"), *(Path(options.in_place).glob("*.jar") if options.in_place else [])]
    return sorted(map(str, lib)), sorted(map(str, (dist / FOLDERS[1]).glob("*.jar")))


def descriptors(lib, more):
    """What `%use` finds by name, in any order and together. The second brings the first and Kotlin DataFrame's outputs."""
    described = {
        KERNEL: ("Single-cell analysis: scanpy's pp, tl, pl on the JVM", lib),
        f"{KERNEL}-dataframe": ("Kotlin DataFrame beside it: adata.obs.toDataFrame() and back, and its outputs", [*lib, *more]),
    }
    return {name: json.dumps({"description": text, "dependencies": jars}, indent=2) for name, (text, jars) in described.items()}


def copy_jars(dist, lib, more):
    """Ours and Kotlin DataFrame's jars to `lib`, what makes the kernel load DataFrame's integration to `more`.

    `%use` gives each of its calls a class loader of its own, and ours must see DataFrame's classes. Its integration
    takes a second and changes how tables are shown, so that it comes only when asked for: by a jar that names it.
    """
    shutil.copytree(dist / "lib", lib)
    more.mkdir()
    for jar in (dist / "dataframe").glob("*.jar"):
        with zipfile.ZipFile(jar) as source:
            naming = [entry for entry in source.infolist() if entry.filename.startswith(NAMES_INTEGRATIONS)]
            if not naming:
                shutil.copyfile(jar, lib / jar.name)
                continue
            with zipfile.ZipFile(lib / jar.name, "w", zipfile.ZIP_DEFLATED) as classes:
                for entry in source.infolist():
                    if entry not in naming:
                        classes.writestr(entry, source.read(entry))
            with zipfile.ZipFile(more / f"{jar.stem}-integration.jar", "w") as names:
                for entry in naming:
                    names.writestr(entry, source.read(entry))


def descriptors_jar(path, described):
    """What `%use` of the own kernel finds: the kernel's list of libraries with our names."""
    import run_kotlin_kernel

    jars = Path(run_kotlin_kernel.__file__).parent / "jars"
    main = next(jars.glob("kotlin-jupyter-kernel-*-all.jar"))
    with zipfile.ZipFile(main) as kernel:
        names = kernel.read("jupyterLibraries/libraries.list").decode().split()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("jupyterLibraries/libraries.list", "\n".join([*names, *(f"{name}.json" for name in described)]))
        for name, text in described.items():
            out.writestr(f"jupyterLibraries/{name}.json", text)


def verbs_file(target, ready, lib, jdk):
    """Signatures and documentation of all verbs, for questions while the kernel is busy."""
    if ready.exists():
        shutil.copyfile(ready, target)
        return
    class_path = os.pathsep.join([*lib, str(standard_library())])
    words = [str(Path(jdk) / "bin" / "java"), "-cp", class_path, "org.cellweave.jupyter.VerbIndexKt"]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        fail(f"the list of verbs could not be made:\n{done.stderr}")
    write(target, done.stdout)


def standard_library():
    import run_kotlin_kernel

    return next((Path(run_kotlin_kernel.__file__).parent / "jars").glob("kotlin-stdlib-*.jar"))


def lets_plot_script(target, ready=None):
    """Lets-Plot's script for interactive figures: from what came with the jars, from this Python, else from pip.

    True if it is there.
    """
    if target.exists():
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    if ready and ready.exists():
        shutil.copyfile(ready, target)
        return True
    try:
        from importlib import metadata

        files = metadata.distribution("lets-plot")
        if files.version == LETS_PLOT:
            shutil.copyfile(files.locate_file("lets_plot/package_data/lets-plot.min.js"), target)
            return True
    except (ImportError, OSError):
        pass
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--only-binary", ":all:", "--dest", folder, f"lets-plot=={LETS_PLOT}"]
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            return False
        with zipfile.ZipFile(wheels[0]) as wheel:
            target.write_bytes(wheel.read("lets_plot/package_data/lets-plot.min.js"))
    return True


def replace_jars(options, home):
    # A running kernel keeps the jars it opened; the new ones get their place in one move.
    fresh = [home / f".{name}.{os.getpid()}" for name in FOLDERS]
    copy_jars(Path(options.dist), *fresh)
    for name, folder in zip(FOLDERS, fresh):
        if (home / name).exists():
            shutil.move(home / name, home / f".old.{name}.{os.getpid()}")
        shutil.move(folder, home / name)
    for old in home.glob(".old.*"):
        shutil.rmtree(old, ignore_errors=True)


def furnish(options, home):
    """Writes what a kernel starts from, `launch.py` and all it reads. Returns the descriptors, and whether figures move."""
    home.mkdir(parents=True, exist_ok=True)
    if not options.in_place:
        replace_jars(options, home)
    for old in home.glob("classes-*"):
        old.unlink()
    for name in ["launch.py", *RELAY, "logback.xml"]:
        shutil.copyfile(SOURCES / name, home / name)
    settings = {"javaHome": options.jdk, "heap": options.heap, "javaOptions": options.java_option}
    write(home / "settings.json", json.dumps(settings, indent=2))
    lib, more = jars_of(options, home)
    described = descriptors(lib, more)
    descriptors_jar(home / "descriptors.jar", described)
    for name, text in described.items():
        write(home / "libraries" / f"{name}.json", text)
    dist = Path(options.dist)
    verbs_file(home / "verbs.json", dist / "verbs.json", lib, options.jdk)
    script = f"lets-plot-{LETS_PLOT}.min.js"
    return described, lets_plot_script(home / "js" / script, dist / "js" / script)


def install(options):
    need_packages()
    data = data_folder(options)
    home = data / "cellweave"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        fail(f"{home} cannot be written ({e.strerror}). Try --user, or --prefix DIR")
    described, interactive = furnish(options, home)

    spec = data / "kernels" / KERNEL
    spec.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SOURCES / "logo-svg.svg", spec / "logo-svg.svg")
    kernel = {
        "argv": [sys.executable, str(home / "launch.py"), "{connection_file}"],
        "display_name": options.display_name,
        "language": "kotlin",
        "interrupt_mode": "message",
        "metadata": {"debugger": False},
    }
    write(spec / "kernel.json", json.dumps(kernel, indent=2))
    print(f'kernel "{options.display_name}" in {spec}')
    if options.plain:
        describe_to_plain_kernel(options, home, described)
    if not interactive:
        print(
            f"Lets-Plot's script could not be fetched: figure.interactive() will not work. Run this again with a\n"
            f"network, or after: {sys.executable} -m pip install lets-plot=={LETS_PLOT}"
        )
    if options.archive:
        make_archive(home, data)
    launcher = "cellweave" if options.in_place else "./cellweave"
    print(f"Start with: {launcher} lab    (or any Jupyter of this Python)")


def make_archive(home, data):
    """A class-data archive cuts the first cells' time by half. It is a comfort: without one all works the same."""
    print("preparing fast starts (once, some seconds) ...", flush=True)
    sys.path.insert(0, str(home))
    import launch

    settings = json.loads((home / "settings.json").read_text())
    version = launch.java_version(settings["javaHome"])
    unfinished, archive = home / ".classes.jsa", home / f"classes-{version}.jsa"
    warm_up = f"-XX:ArchiveClassesAtExit={unfinished}"
    if not list((Path(settings["javaHome"]) / "lib" / "server").glob("classes*.jsa")):
        # A Java runtime that comes without an archive of its own classes gets one beside ours.
        base = home / f"classes-{version}-base.jsa"
        words = [str(Path(settings["javaHome"]) / "bin" / "java"), *launch.java_options(settings, int(version.split(".")[0]))]
        subprocess.run([*words, "-Xshare:dump", f"-XX:SharedArchiveFile={base}"], capture_output=True)
        warm_up += f" -XX:SharedArchiveFile={base}"
    environment = dict(os.environ, JUPYTER_PATH=str(data), CELLWEAVE_KERNEL_WARM_UP=warm_up)
    done = subprocess.run([sys.executable, str(SOURCES / "warm_up.py"), KERNEL], env=environment, capture_output=True)
    if done.returncode == 0 and unfinished.exists() and unfinished.stat().st_size > 0:
        os.replace(unfinished, archive)
    else:
        unfinished.unlink(missing_ok=True)


def uninstall(options):
    data = data_folder(options)
    home, spec = data / "cellweave", data / "kernels" / KERNEL
    gone = [folder for folder in (spec, home) if folder.exists()]
    for folder in gone:
        shutil.rmtree(folder)
    for plain in [PLAIN_DESCRIPTORS / f"{KERNEL}.json", PLAIN_DESCRIPTORS / f"{KERNEL}-dataframe.json"]:
        # Another installation of this user may have written it since.
        if plain.exists() and any(place and str(place) in plain.read_text(encoding="utf-8") for place in (home, options.in_place)):
            plain.unlink()
            gone.append(plain)
    print("\n".join(f"removed {path}" for path in gone) or f"nothing to remove in {data}")


def main():
    parser = argparse.ArgumentParser(prog="cellweave jupyter", description="Puts Cellweave into Jupyter, or takes it out.")
    parser.add_argument("action", choices=["install", "uninstall"])
    parser.add_argument("--dist", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--in-place", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--jdk", required=True, metavar="HOME", help="JDK of the kernel (17 or newer)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="into the user's Jupyter folder (default outside an environment)")
    where.add_argument("--sys-prefix", action="store_true", help="into this Python's environment (default inside one)")
    where.add_argument("--prefix", metavar="DIR", help="into DIR/share/jupyter")
    parser.add_argument("--heap", metavar="SIZE", help="largest heap, as 16g (default: 75 %% of the memory)")
    parser.add_argument("--java-option", action="append", default=[], metavar="OPTION", help="one more option for the JVM")
    parser.add_argument("--display-name", default="Cellweave (Kotlin)", metavar="NAME")
    parser.add_argument("--no-plain", dest="plain", action="store_false", help="leave the plain Kotlin kernel alone")
    parser.add_argument("--no-archive", dest="archive", action="store_false", help="no class-data archive for fast starts")
    options = parser.parse_args()
    options.jdk = str(Path(options.jdk).expanduser().resolve())
    if options.action == "install":
        if not os.access(Path(options.jdk) / "bin" / "java", os.X_OK):
            fail(f"--jdk {options.jdk} has no bin/java")
        install(options)
    else:
        uninstall(options)


if __name__ == "__main__":
    main()
