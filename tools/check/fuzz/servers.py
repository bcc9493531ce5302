"""A program that reads files in a process of its own: it may die or hang, and is then started again."""
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """Asks one process line by line."""

    def __init__(self, command, env, folder, name, seconds):
        self.command, self.env, self.seconds = command, env, seconds
        self.log = folder / f"{name}.log"
        self.process = None

    def start(self):
        self.errors = open(self.log, "wb")
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **self.env}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.errors, cwd=self.log.parent, start_new_session=True)
        self.rest = b""
        self.asked = 0

    def stop(self):
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout, self.errors):
                try:
                    stream.close()
                except OSError:
                    pass
        self.process = None

    def cpu(self):
        """Seconds of work of the process so far."""
        try:
            fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        except (OSError, IndexError):
            return 0.0

    def ask(self, *words):
        """Sends a question; `answer` takes what comes."""
        # A process that has worked for long may have grown large by files long gone.
        if self.process is not None and self.asked >= 5000:
            self.stop()
        self.first = self.process is None
        if self.first:
            self.start()
        self.asked += 1
        self.began, self.busy = time.monotonic(), self.cpu()
        try:
            self.process.stdin.write(("\t".join(map(str, words)) + "\n").encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def answer(self):
        """The JSON of one question, or {'crash': ...} or {'hang': ...}; `stage` is the last plain line before it."""
        stage = None
        while True:
            while b"\n" in self.rest:
                line, self.rest = self.rest.split(b"\n", 1)
                if line.startswith(b"{"):
                    return json.loads(line)
                stage = line.decode()
            ready, _, _ = select.select([self.process.stdout], [], [], 0.25)
            if ready:
                piece = os.read(self.process.stdout.fileno(), 1 << 20)
                if not piece:
                    return {"crash": self.death(), "stage": stage}
                self.rest += piece
                continue
            waited, worked = time.monotonic() - self.began, self.cpu() - self.busy
            # The first answer waits for the start. A busy machine delays without any fault of the file.
            limit = self.seconds + (60 if self.first else 0)
            if waited > limit and (worked > self.seconds * 0.8 or waited > limit + 90):
                return {"hang": self.kill_with_dump(), "stage": stage}

    def kill_with_dump(self):
        size = self.log.stat().st_size
        os.killpg(self.process.pid, signal.SIGQUIT)
        time.sleep(1.5)
        with open(self.log, "rb") as f:
            f.seek(size)
            dump = f.read(200_000).decode(errors="replace")
        self.stop()
        main = dump.split('"main"', 1)[-1].split("\n\n", 1)[0]
        return re.findall(r"at ([\w.$]+)\(", main)[:12] or [dump[-500:]]

    def death(self):
        """What a dead process left: the signal and the frame in its own report."""
        code, reports, frame = self.process.wait(), f"hs_err_pid{self.process.pid}.log", ""
        self.stop()
        for report in self.log.parent.glob(reports):
            lines = report.read_text(errors="replace").splitlines()
            frame = next((lines[i + 1].strip("# ") for i, l in enumerate(lines) if "Problematic frame" in l), "")
            report.unlink()
        tail = self.log.read_text(errors="replace")[-600:]
        if self.asked == 1 and code in (1, 2):
            raise SystemExit(f"{self.command} does not run:\n{tail}")
        return f"exit {code} {frame or tail}".strip()


def ours(folder, name, seconds):
    options = f"-XX:+DisplayVMOutputToStderr -XX:ErrorFile={folder}/hs_err_pid%p.log -XX:-CreateCoredumpOnCrash -XX:ParallelGCThreads=1"
    env = {"CELLWEAVE_JAVA_OPTS": options, "CELLWEAVE_THREADS": "1"}
    return Server([str(ROOT / "cellweave"), "--heap", "1g", str(HERE / "read.kts")], env, folder, name, seconds)


def peers(folder, name, seconds):
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "HDF5_USE_FILE_LOCKING": "FALSE"}
    return Server([os.environ["CELLWEAVE_PYTHON"], str(HERE / "peer.py")], env, folder, name, seconds)
