"""Sends the installed kernel messages that nobody signed, on every channel, and looks whether one is obeyed.

  python forged.py [--kernel NAME] [--seconds N] [--starts N]

The stranger knows every port, those between the relay and the kernel too, and has no key. Needs jupyter_client, and
Linux to find the inner ports. --seconds is how long random messages are sent, --starts how often a kernel is started
and killed to see what it leaves. Exit 1 when a check fails.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zmq
from jupyter_client.manager import KernelManager, start_new_kernel
from jupyter_client.session import DELIM, Session

CHANNELS = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"]
LARGE = 96 << 20


def answer(client, code):
    """What a cell prints."""
    said = []

    def hook(message):
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    reply = client.execute_interactive(code, timeout=60, output_hook=hook)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(said).strip()


def listening(process):
    """Ports of this machine that a process listens on."""
    inodes = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            inodes.add(os.readlink(link))
        except OSError:
            continue
    found = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                address, _, port = fields[1].rpartition(":")
                found[int(port, 16)] = address
    return found


def processes(mark):
    """Processes whose command line holds `mark`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


class Stranger:
    """Somebody on this machine without a key."""

    def __init__(self, ports, seed=1):
        self.random = random.Random(seed)
        self.context = zmq.Context()
        self.links = {}
        for port in ports:
            for kind in (zmq.DEALER, zmq.SUB):
                link = self.context.socket(kind)
                link.linger = 0
                link.set_hwm(100)
                if kind == zmq.SUB:
                    link.setsockopt(zmq.SUBSCRIBE, b"")
                link.connect(f"tcp://127.0.0.1:{port}")
                self.links[port, kind] = link
        self.ports = list(ports)

    def send(self, port, parts):
        try:
            self.links[port, zmq.DEALER].send_multipart(parts, zmq.NOBLOCK)
        except zmq.Again:
            pass

    def signed(self, kind, content, key):
        maker = Session(key=key, packer="json", unpacker="json")
        return maker.serialize(maker.msg(kind, content))

    def forge(self, mark):
        """Every request that would do harm, unsigned, wrongly signed, sent twice, cut, and too long."""
        harm = f'java.io.File("{mark}").writeText("x")'
        requests = [
            ("execute_request", {"code": harm, "silent": False}),
            ("execute_request", {"code": f"%use cellweave\n{harm}", "silent": False}),
            ("inspect_request", {"code": "sc.pp.pca", "cursor_pos": 9}),
            ("shutdown_request", {"restart": False}),
            ("interrupt_request", {}),
            ("input_reply", {"value": "x"}),
            ("comm_open", {"comm_id": "1", "target_name": "x", "data": {}}),
        ]
        for port in self.ports:
            for kind, content in requests:
                for key in (b"", b"guessed"):
                    message = self.signed(kind, content, key)
                    for parts in (message, message, [*message[:2], *message[3:]], message[:3], [*message, b"buffer"]):
                        self.send(port, parts)
                self.send(port, [DELIM, b"0" * 64, *message[2:]])
            for junk in ([b""], [b"", b""], [DELIM], [DELIM] * 9, [b"a"] * 300, [DELIM, b"", b"{", b"", b"", b""],
                         [DELIM, b"", *[b"[" * 100_000] * 4], [b"\x01"], [b"\x00"], [b"", b"ping", b"pong"]):
                self.send(port, junk)

    def flood(self, port):
        """One message beyond all bounds; the link may be cut, the kernel may not."""
        self.send(port, [DELIM, b"0" * 64, b"{}", b"{}", b"{}", b"x" * LARGE])

    def noise(self, seconds):
        sent, until = 0, time.monotonic() + seconds
        template = self.signed("execute_request", {"code": "1"}, b"guessed")
        while time.monotonic() < until:
            parts = list(template)
            for _ in range(self.random.randint(0, 4)):
                self.damage(parts)
            self.send(self.random.choice(self.ports), parts)
            sent += 1
            if sent % 50 == 0:
                time.sleep(0.01)
        return sent

    def damage(self, parts):
        at = self.random.randrange(len(parts) + 1)
        choice = self.random.randrange(4)
        if choice == 0 and len(parts) > 1:
            parts.pop(min(at, len(parts) - 1))
        elif choice == 1:
            parts.insert(at, self.random.randbytes(self.random.choice([0, 1, 5, 64, 5000])))
        elif choice == 2 and at < len(parts) and parts[at]:
            part = bytearray(parts[at])
            part[self.random.randrange(len(part))] ^= 1 << self.random.randrange(8)
            parts[at] = bytes(part)
        elif at < len(parts):
            parts[at] = parts[at][: self.random.randrange(len(parts[at]) + 1)]

    def close(self):
        self.context.destroy(0)


class Checks:
    def __init__(self):
        self.failed = 0

    def see(self, sentence, holds, note=""):
        self.failed += not holds
        print(f"{'ok     ' if holds else 'FAILED '} {sentence}" + (f": {note}" if note else ""), flush=True)


def strangers(checks, kernel, seconds):
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder) / "obeyed"
        manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=120)
        stranger = None
        try:
            assert answer(client, 'print("ready")') == "ready"
            java = manager.provisioner.process.pid
            inner = listening(java)
            checks.see("the kernel listens to this machine alone", set(inner.values()) <= LOOPBACK, sorted(set(inner.values())))
            outer = [getattr(manager, channel) for channel in CHANNELS]
            checks.see("its ports are not those of the relay", len(inner) >= 5 and not set(inner) & set(outer), f"{len(inner)} ports")
            file = Path(manager.connection_file)
            left = [path.name for path in file.parent.glob(f"{file.stem}*") if path != file]
            checks.see("the inner connection file is gone once it was read", not left, left)
            checks.see("the connection file is its owner's alone", file.stat().st_mode & 0o77 == 0)

            stranger = Stranger([*outer, *inner])
            time.sleep(0.5)
            answer(client, "var counted = 0")
            stranger.forge(mark)
            time.sleep(2)
            checks.see("no forged request was obeyed", not mark.exists())
            checks.see("the kernel lives on", manager.is_alive() and answer(client, "print(1 + 1)") == "2")
            for port in stranger.ports:
                stranger.flood(port)
                time.sleep(0.2)
            checks.see("after messages of 96 MB too", manager.is_alive() and answer(client, "print(2 + 1)") == "3")

            message = client.session.serialize(client.session.msg("execute_request", {"code": "counted++", "silent": False}))
            for port in [*outer[:3], *inner]:
                for _ in range(3):
                    stranger.send(port, message)
            time.sleep(2)
            checks.see("a message sent thrice on every channel counts once", answer(client, "print(counted)") == "1")
            sent = stranger.noise(seconds)
            time.sleep(1)
            checks.see("after random messages", not mark.exists() and manager.is_alive() and answer(client, "print(4)") == "4", f"{sent} sent")
            client.hb_channel.unpause()
            time.sleep(3)
            checks.see("the heart beats", client.hb_channel.is_beating())
        finally:
            if stranger:
                stranger.close()
            client.stop_channels()
            manager.shutdown_kernel(now=True)


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def ready(client, folder):
    """Waits for the kernel; one that dies shows what it said."""
    try:
        client.wait_for_ready(60)
    except RuntimeError:
        print((Path(folder) / "cellweave-kernel.log").read_text()[-4000:], file=sys.stderr)
        raise


def starts(checks, kernel, times):
    with tempfile.TemporaryDirectory() as folder:
        for i in range(times):
            manager = KernelManager(kernel_name=kernel, connection_file=f"{folder}/kernel-{i}.json")
            manager.start_kernel(env={**os.environ, "CELLWEAVE_HEAP": "300m"}, stdout=subprocess.DEVNULL)
            client = manager.client()
            client.start_channels()
            ready(client, folder)
            if i % 2:
                manager.restart_kernel(now=True)
                ready(client, folder)
            client.stop_channels()
            manager.shutdown_kernel(now=bool(i % 3))
        until = time.monotonic() + 10
        while processes(folder) and time.monotonic() < until:
            time.sleep(0.2)
        checks.see("no process is left of kernels that were stopped", not processes(folder), f"{times} starts")
        left = [path.name for path in Path(folder).glob("*.json")]
        checks.see("no connection file either", not left, left)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", default="cellweave")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--starts", type=int, default=4)
    options = parser.parse_args()
    checks = Checks()
    strangers(checks, options.kernel, options.seconds)
    starts(checks, options.kernel, options.starts)
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
