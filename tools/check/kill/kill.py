"""Kills writers at random moments and looks at what they leave; see run."""
import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ENDINGS = {"h5ad": "h5ad", "gzip": "h5ad", "svg": "svg", "png": "png", "html": "html", "pdf": "pdf"}
ENV = {**os.environ, "CELLWEAVE_THREADS": "1", "CELLWEAVE_JAVA_OPTS": "-XX:ParallelGCThreads=1 -XX:TieredStopAtLevel=1"}


def whole_png(b):
    """Every chunk with its checksum, the image data complete."""
    at, data = 8, b""
    while True:
        size, kind = struct.unpack(">I4s", b[at : at + 8])
        body = b[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body) == struct.unpack(">I", b[at + 8 + size : at + 12 + size])[0]
        data += body if kind == b"IDAT" else b""
        at += 12 + size
        if kind == b"IEND":
            zlib.decompress(data)
            return at == len(b)


def whole(kind, path, states):
    """None when the file is one of the two states, whole; otherwise what is wrong."""
    b = path.read_bytes()
    try:
        if kind in ("h5ad", "gzip"):
            # The same object gives the same bytes.
            return None if b in states else f"{len(b)} bytes that are neither state"
        if kind == "svg":
            ET.fromstring(b)
            return None
        if kind == "png":
            return None if whole_png(b) else "bytes after the end"
        if kind == "pdf":
            return None if b.startswith(b"%PDF") and b.rstrip().endswith(b"%%EOF") else "cut"
        return None if b.rstrip().lower().endswith(b"</html>") else "cut"
    except Exception as e:
        return f"{type(e).__name__}: {e}"


class Killer:
    def __init__(self, kind, work, dice):
        self.kind, self.dice = kind, dice
        self.folder = work / kind
        self.side = work / (kind + "-states")
        self.folder.mkdir()
        self.side.mkdir()
        self.target = self.folder / f"data.{ENDINGS[kind]}"
        self.counts = collections.Counter()
        self.process = None
        self.faults = []

    def start(self):
        sides = [str(self.side / f"{n}.{ENDINGS[self.kind]}") for n in "ab"]
        p = subprocess.Popen(
            [str(ROOT / "cellweave"), "--heap", "400m", str(HERE / "write.kts"), self.kind, str(self.target), *sides],
            env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.process = p
        if p.stdout.readline().strip() != "READY":
            raise SystemExit(f"{self.kind}: the writer does not run:\n{p.communicate()[1][-2000:]}")
        # What the killed one before has left is gone once this one has written.
        left = sorted(f.name for f in self.folder.iterdir() if f != self.target)
        if left:
            self.counts["left-over after the next write"] += 1
            self.faults.append(f"{self.kind}: left after the next write: {left[:3]}")
            for name in left:
                (self.folder / name).unlink()
        mode = self.target.stat().st_mode & 0o777
        if self.counts["kills"] and mode != 0o600:
            self.counts["mode changed"] += 1
            self.faults.append(f"{self.kind}: mode {mode:o}, not 600")
        os.chmod(self.target, 0o600)
        return p

    def kill(self):
        p = self.start()
        p.stdin.write("go\n")
        p.stdin.flush()
        time.sleep(self.dice.random() * 0.25)
        os.kill(p.pid, signal.SIGKILL)
        p.communicate()
        self.counts["kills"] += 1
        self.counts["inside a write"] += any(f != self.target for f in self.folder.iterdir())
        states = [f.read_bytes() for f in sorted(self.side.iterdir())]
        wrong = whole(self.kind, self.target, states) if self.target.exists() else "the file is gone"
        self.counts["whole" if wrong is None else "lost"] += 1
        if wrong:
            self.faults.append(f"{self.kind}: kill {self.counts['kills']}: {wrong}")

    def finish(self):
        p = self.start()
        os.kill(p.pid, signal.SIGKILL)
        p.communicate()


def main():
    p = argparse.ArgumentParser(prog="tools/check/kill/run")
    p.add_argument("--kills", type=int, default=18, help="kills of all kinds together")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--kinds", default=",".join(ENDINGS))
    options = p.parse_args()
    kinds, dice = options.kinds.split(","), random.Random(options.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="kill"))
    began = told = time.monotonic()
    killers = [Killer(k, work, dice) for k in kinds]
    # Ended from outside, it still tells what it has seen.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for k in range(options.kills):
            killers[k % len(killers)].kill()
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{k + 1} kills, {told - began:.0f} s", file=sys.stderr, flush=True)
        for killer in killers:
            killer.finish()
    except KeyboardInterrupt:
        print("ended early", file=sys.stderr)
    finally:
        for killer in killers:
            if killer.process is not None and killer.process.poll() is None:
                killer.process.kill()
        shutil.rmtree(work, ignore_errors=True)
    names = ["kills", "inside a write", "whole", "lost", "left-over after the next write", "mode changed"]
    print("".ljust(31) + "".join(k.rjust(8) for k in kinds) + "all".rjust(8))
    for n in names:
        row = [killer.counts[n] for killer in killers]
        print(n.ljust(31) + "".join(str(v).rjust(8) for v in row) + str(sum(row)).rjust(8))
    faults = [f for killer in killers for f in killer.faults]
    print("\n".join(faults[:20]))
    done = sum(killer.counts["kills"] for killer in killers)
    print(f"{done} kills, {time.monotonic() - began:.0f} s, {len(faults)} faults; "
          f"tools/check/kill/run --kills {options.kills} --seed {options.seed} --kinds {options.kinds}")
    sys.exit(bool(faults) or done < options.kills)


main()
