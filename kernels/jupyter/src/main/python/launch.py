"""Starts the Kotlin kernel of this Python with Cellweave on its class path.

usage: launch.py CONNECTION_FILE

Lies beside `settings.json`, which the installation wrote. The environment may override it: CELLWEAVE_JAVA_HOME,
CELLWEAVE_HEAP, CELLWEAVE_JAVA_OPTS, CELLWEAVE_THREADS.
"""

import contextlib
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAIN_CLASS = "org.jetbrains.kotlinx.jupyter.IkotlinKt"


def kernel_folder():
    """Where pip put the Kotlin kernel; looked up at every start, because an update moves the jars."""
    try:
        import run_kotlin_kernel
    except ImportError:
        sys.exit(f"The Kotlin kernel is not in {sys.executable}. Run: {sys.executable} -m pip install kotlin-jupyter-kernel")
    return Path(run_kotlin_kernel.__file__).parent


def home_options():
    """For a user without an account Java has no home, and programs keep their files in a folder `?` where they start."""
    try:
        import pwd

        pwd.getpwuid(os.getuid())
        return []
    except (ImportError, KeyError):
        pass
    home = os.environ.get("HOME", "")
    if os.path.isabs(home) and os.access(home, os.W_OK):
        return [f"-Duser.home={home}"]
    own = Path(tempfile.gettempdir()) / f"cellweave-{os.getuid()}"
    try:
        own.mkdir(mode=0o700)
    except FileExistsError:
        is_own = not own.is_symlink() and own.is_dir() and own.stat().st_uid == os.getuid() and not own.stat().st_mode & 0o77
        own = own if is_own else Path(tempfile.mkdtemp(prefix="cellweave-"))
    return [f"-Duser.home={own}"]


def java_options(settings, major):
    heap = os.environ.get("CELLWEAVE_HEAP") or settings.get("heap")
    options = ["-XX:+UseParallelGC", "-XX:-UsePerfData", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8"]
    if major >= 22:
        options.append("--enable-native-access=ALL-UNNAMED")
    if major >= 24:
        options.append("--sun-misc-unsafe-memory-access=allow")
    options.append(f"-Xmx{heap}" if heap else "-XX:MaxRAMPercentage=75")
    options += home_options()
    options.append(f"-Dlogback.configurationFile={HERE / 'logback.xml'}")
    options += settings.get("javaOptions", [])
    return options + shlex.split(os.environ.get("CELLWEAVE_JAVA_OPTS", ""))


def java_version(home):
    for line in (Path(home) / "release").read_text().splitlines():
        name, _, value = line.partition("=")
        if name == "JAVA_VERSION":
            return value.strip('"')
    return "17"


def command(connection_file, extra=()):
    settings = json.loads((HERE / "settings.json").read_text())
    home = os.environ.get("CELLWEAVE_JAVA_HOME") or settings["javaHome"]
    java = Path(home) / "bin" / "java"
    if not java.exists():
        sys.exit(f"{java} is missing. Install Cellweave for another JDK: cellweave jupyter install --jdk HOME")
    version = java_version(home)
    kernel = kernel_folder()
    described = json.loads((kernel / "config" / "jar_args.json").read_text())
    jars = kernel / "jars"
    # Not our own jars: `%use` brings them in a loader of its own, and their descriptors would be seen, and found
    # wanting, at the first cell that is no `%use`.
    class_path = [str(HERE / "descriptors.jar"), str(jars / described["mainJar"])]
    cells = os.pathsep.join(str(jars / name) for name in described["classPath"])
    options = java_options(settings, int(version.split(".")[0]))
    archive = HERE / f"classes-{version}.jsa"
    if archive.exists() and not extra:
        options += [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto", "-Xlog:cds*=off", "-Xlog:class+path=off"]
        if int(version.split(".")[0]) >= 25:
            options.append("-Xlog:aot*=off")
    return [
        str(java), *options, *extra, "-cp", os.pathsep.join(class_path), described.get("mainClass", MAIN_CLASS),
        f"-classpath={cells}", connection_file, f"-home={kernel}",
    ]


def log_to(folder):
    """The kernel prints whole messages when a cell fails; the terminal of the server is spared them."""
    path = Path(folder) / "cellweave-kernel.log"
    try:
        # The folder may be anybody's: neither through a link nor into a file of another user.
        log = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return
    if not hasattr(os, "getuid") or os.fstat(log).st_uid == os.getuid():
        os.ftruncate(log, 0)
        os.dup2(log, 2)
    os.close(log)


def write_secret(path, text):
    """A file that its owner alone can read, made anew: what lies there may be a link, or open to others.

    Returns what removes this file again, and not the one that a kernel started later has written in its place.
    """
    path.unlink(missing_ok=True)
    # Stays open: the number of a file that nobody holds is soon another's.
    own = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(own, "w", encoding="utf-8", closefd=False) as file:
        file.write(text)

    def remove():
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(own), os.lstat(path)):
                path.unlink()

    return remove


def behind_relay(connection_file):
    """Starts the relay where it can run, and returns the connection file for the kernel."""
    try:
        import relay
    except ImportError as missing:
        sys.exit(f"{sys.executable} lacks {missing.name}. Run: {sys.executable} -m pip install jupyter-client pyzmq")
    outer = json.loads(Path(connection_file).read_text())
    if not hasattr(os, "fork") or not (HERE / "verbs.json").exists() or os.environ.get("CELLWEAVE_KERNEL_PLAIN"):
        write_secret(Path(connection_file), json.dumps(relay.with_host(outer), indent=2))
        return connection_file
    inner = relay.inner_connection(outer)
    path = Path(connection_file).with_suffix(".jvm.json")
    # The key lies on the disk no longer than the kernel needs to read it.
    remove = write_secret(path, json.dumps(inner))
    kernel = os.getpid()
    if os.fork() == 0:
        try:
            relay.main(outer, inner, HERE, kernel, remove)
        finally:
            remove()
            os._exit(0)
    return str(path)


def main():
    connection_file = sys.argv[1]
    if not os.environ.get("CELLWEAVE_KERNEL_LOG_TO_TERMINAL"):
        log_to(Path(connection_file).parent)
    extra = shlex.split(os.environ.get("CELLWEAVE_KERNEL_WARM_UP", ""))
    words = command(behind_relay(connection_file), extra)
    os.execv(words[0], words)


if __name__ == "__main__":
    main()
