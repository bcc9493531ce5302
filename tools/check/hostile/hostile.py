"""Runs the cases as root where it is root, as a user without a name, on a small disk and without caches; see run."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
NOBODY = "54321"
lines = []


def launch(name, *words, env=None, prefix=(), wanted="end"):
    """One run of the launcher, which must end well; its lines are kept."""
    full = {**os.environ, "CELLWEAVE_THREADS": "1", **(env or {})}
    full = {k: v for k, v in full.items() if v is not None}
    try:
        p = subprocess.run([*prefix, str(ROOT / "cellweave"), "--heap", "700m", *map(str, words)], env=full, cwd="/",
                           capture_output=True, text=True, errors="replace", timeout=600)
    except subprocess.TimeoutExpired:
        lines.append(f"fault\t{name}\tdoes not end")
        return
    told = [l for l in p.stdout.splitlines() if l.split("\t")[0] in ("ok", "fault", "not run")]
    lines.extend(l.replace("\t", f"\t{name}: ", 1) for l in told)
    if p.returncode != 0 or wanted not in p.stdout.splitlines():
        lines.append(f"fault\t{name}\tstatus {p.returncode}: {p.stderr.strip()[-600:]!r}")
    elif not told:
        lines.append(f"ok\t{name}")


def main():
    work = pathlib.Path(tempfile.mkdtemp(prefix="hostile", dir=os.environ.get("TMPDIR", "/tmp")))
    work.chmod(0o755)
    root = os.getuid() == 0
    # Built and prepared by the one who owns the checkout.
    launch("prepared", "-e", "println(\"end\")")
    try:
        own = work / "own"
        own.mkdir()
        launch("as root" if root else "as this user", HERE / "cases.kts", own, "root" if root else "user")
        nobody(work, root)
        full_disk(work, root)
        caches(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for l in lines:
        if not l.startswith("ok"):
            print(l.replace("\t", "  "))
    good, bad, skipped = (sum(l.startswith(w) for l in lines) for w in ("ok", "fault", "not run"))
    print(f"{good} cases hold, {bad} do not, {skipped} were not run; tools/check/hostile/run")
    sys.exit(bad > 0 or good == 0)


def nobody(work, root):
    if not root:
        lines.append("not run\tas a user without a name\tneeds root")
        return
    prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    if subprocess.run([*prefix, "test", "-r", str(ROOT / "cellweave")]).returncode != 0:
        lines.append(f"not run\tas a user without a name\t{ROOT} is closed to others")
        return
    theirs = work / "nobody"
    theirs.mkdir()
    os.chown(theirs, int(NOBODY), int(NOBODY))
    launch("as a user without a name", HERE / "cases.kts", theirs, "user", prefix=prefix, env={"HOME": None, "XDG_CACHE_HOME": None})


def full_disk(work, root):
    disk = work / "disk"
    disk.mkdir()
    mounted = root and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True).returncode == 0
    if not mounted:
        lines.append("not run\tfull disk\tneeds root and the right to mount")
        return
    try:
        launch("small disk", HERE / "full.kts", disk)
    finally:
        subprocess.run(["umount", "-l", str(disk)])


def caches(work):
    closed = work / "file"
    closed.write_text("not a folder")
    snippet = f'AnnData(DenseMatrix.ofRows(arrayOf(doubleArrayOf(1.0)))).writeH5ad("{work}/c.h5ad"); println("end")'
    launch("cache that cannot be made", "-e", snippet, env={"XDG_CACHE_HOME": str(closed / "sub"), "HOME": str(closed / "home"), "CELLWEAVE_HOME": None})
    launch("own folder that cannot be made", "-e", snippet, env={"CELLWEAVE_HOME": str(closed / "sub")})
    launch("home that is not there", "-e", snippet, env={"HOME": "/nonexistent", "XDG_CACHE_HOME": None, "CELLWEAVE_HOME": None})


main()
