"""Stands between Jupyter and the Kotlin kernel: passes messages on, answers questions about Cellweave's verbs, and
makes errors readable. The kernel itself offers no place for either.

Both sides have keys of their own: a message is verified under the key of the side that it comes from before anything
in it is looked at, and only then signed for the other. What fails is dropped.

The kernel runs in the parent process; this one ends when the parent does.
"""

import contextlib
import errno
import json
import os
import signal
import sys
import time
import traceback
import uuid

import zmq

import readable
from requests_of_cells import DIED, ENDED, Requests, Stopping
from sealed import CHANNELS, DELIM as DELIMITER, Refused, Seal, fits, inner_connection, is_heartbeat, limited, with_host

__all__ = ["CHANNELS", "DELIMITER", "Relay", "inner_connection", "main", "with_host"]

POLL_MILLIS = 500
# A relay that was killed with its kernel holds the ports for a moment longer.
BIND_SECONDS = 10.0
LOGGED_REFUSALS = 20


class Relay:
    def __init__(self, outer, inner, verbs, described, started=lambda: None):
        """`started` is called when the kernel says its first word."""
        self.outer, self.inner = Seal(outer), Seal(inner)
        self.verbs, self.described, self.started = verbs, described, started
        self.requests = Requests()
        self.stopping = Stopping(self.requests)
        self.refused, self.kernel = 0, None
        context = zmq.Context()
        identity = uuid.uuid4().hex.encode()
        self.front, self.back = {}, {}
        for channel in CHANNELS:
            self.front[channel] = self.bound(context, outer, channel)
            self.back[channel] = self.connected(context, inner, channel, identity)
        self.back["iopub_port"].setsockopt(zmq.SUBSCRIBE, b"")

    def bound(self, context, connection, channel):
        link = context.socket(zmq.PUB if channel == "iopub_port" else zmq.ROUTER)
        link.linger = 1000
        limited(link, channel)
        until = time.monotonic() + BIND_SECONDS
        while True:
            try:
                link.bind(address(connection, channel))
                return link
            except zmq.ZMQError as taken:
                if taken.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def connected(self, context, connection, channel, identity):
        link = context.socket(zmq.SUB if channel == "iopub_port" else zmq.DEALER)
        link.linger = 1000
        link.set_hwm(0)
        if channel != "iopub_port":
            # The kernel sends questions on stdin to the identity that asked on shell.
            link.identity = identity
        link.connect(address(connection, channel))
        return link

    def run(self, kernel):
        self.kernel = kernel
        poller = zmq.Poller()
        for link in [*self.front.values(), *self.back.values()]:
            poller.register(link, zmq.POLLIN)
        while os.getppid() == kernel:
            ready = dict(poller.poll(POLL_MILLIS))
            for channel in CHANNELS:
                if self.front[channel] in ready and channel != "iopub_port":
                    self.passed(self.from_jupyter, channel, self.front[channel].recv_multipart(), self.back)
                if self.back[channel] in ready:
                    self.passed(self.from_kernel, channel, self.back[channel].recv_multipart(), self.front)
            self.look_at_the_clock()
        running = self.requests.running()
        if running:
            self.give_up(running, DIED)

    def passed(self, change, channel, parts, to):
        """Hands a message on; no message whatever may end this loop."""
        try:
            changed = change(channel, parts)
            if changed:
                to[channel].send_multipart(changed)
        except Refused as wrong:
            self.refuse(channel, change, wrong)
        except Exception:
            traceback.print_exc()

    def refuse(self, channel, change, wrong):
        self.refused += 1
        if self.refused <= LOGGED_REFUSALS:
            side = "Jupyter" if change == self.from_jupyter else "the kernel"
            print(f"refused a message from {side} on {channel}: {wrong}", file=sys.stderr, flush=True)

    def from_jupyter(self, channel, parts):
        """What the kernel shall get; None for what was answered here."""
        if channel == "hb_port":
            if not is_heartbeat(parts):
                raise Refused("it is no heartbeat")
            return parts
        message = self.outer.opened(parts)
        if not fits(channel, message, to_kernel=True):
            raise Refused(f"{message.kind[:40]!r} does not belong there")
        if message.kind == "interrupt_request":
            return self.interrupt(message)
        if channel == "shell_port" and message.kind == "inspect_request" and self.answered(message):
            return None
        if channel == "shell_port" and message.kind == "execute_request":
            return self.inner.closed(message, self.asked(message))
        return self.inner.closed(message)

    def asked(self, message):
        """The content of a request to execute with our libraries' places in it; None where nothing changes."""
        code = message.content.get("code")
        if not isinstance(code, str):
            raise Refused("its code is no text")
        self.requests.sent(message, code)
        own = readable.with_own_libraries(code, self.described)
        return None if own == code else {**message.content, "code": own}

    def from_kernel(self, channel, parts):
        if self.started:
            self.started, started = None, self.started
            started()
        if channel == "hb_port":
            return parts
        message = self.inner.opened(parts)
        if not fits(channel, message, to_kernel=False):
            raise Refused(f"{message.kind[:40]!r} does not belong there")
        content = None
        if message.kind == "interrupt_reply":
            self.stopping.reply()
        if message.kind == "error" or (message.kind == "execute_reply" and message.content.get("status") == "error"):
            content = self.tidied(message)
        self.requests.heard(message.kind, message.content, message.asked)
        return self.outer.closed(message, content)

    def tidied(self, message):
        """The error as a reader wants it; as it came where it cannot be read."""
        try:
            return readable.tidied(message.content, self.requests.code(message.asked), self.verbs)
        except Exception:
            traceback.print_exc()
            return None

    def answered(self, message):
        """Answers a question about one of our verbs; False for the kernel's to answer."""
        code, cursor = message.content.get("code"), message.content.get("cursor_pos")
        if not isinstance(code, str) or not isinstance(cursor, int) or not 0 <= cursor <= len(code):
            return False
        data = readable.inspection(code, cursor, self.verbs)
        if data is None:
            return False
        self.publish("status", {"execution_state": "busy"}, message)
        self.reply("inspect_reply", {"status": "ok", "found": True, "data": data, "metadata": {}}, message)
        self.publish("status", {"execution_state": "idle"}, message)
        return True

    def interrupt(self, message):
        stuck = self.stopping.pressed(time.monotonic())
        if stuck is None:
            return self.inner.closed(message)
        self.give_up(stuck, ENDED)
        os.kill(self.kernel, signal.SIGKILL)
        return None

    def give_up(self, request, why):
        """Ends a cell whose kernel ends. Jupyter starts another; these messages go out first."""
        error = {"ename": "KernelEnded", "evalue": why, "traceback": [why]}
        self.publish("error", error, request.message)
        self.reply("execute_reply", {"status": "error", "execution_count": 0, **error}, request.message)
        self.publish("status", {"execution_state": "idle"}, request.message)
        request.idle = request.replied = True
        time.sleep(0.5)

    def look_at_the_clock(self):
        overdue = self.stopping.overdue(time.monotonic())
        if overdue:
            request, sentence = overdue
            self.publish("stream", {"name": "stderr", "text": sentence}, request.message)

    def publish(self, kind, content, parent):
        self.front["iopub_port"].send_multipart(self.outer.made(kind, content, parent.header, [kind.encode()]))

    def reply(self, kind, content, request):
        self.front["shell_port"].send_multipart(self.outer.made(kind, content, request.header, request.identities))


def address(connection, channel):
    separator = ":" if connection["transport"] == "tcp" else "-"
    return f"{connection['transport']}://{connection['ip']}{separator}{connection[channel]}"


def main(outer, inner, home, kernel, started):
    """Runs until the kernel ends; calls `started` when it has said its first word.

    A kernel without its relay would be mute, so that it ends with it and Jupyter says so.
    """
    try:
        verbs = json.loads((home / "verbs.json").read_text(encoding="utf-8"))
        described = {path.stem: str(path) for path in (home / "libraries").glob("*.json")}
        Relay(outer, inner, verbs, described, started).run(kernel)
    except BaseException:
        traceback.print_exc()
        if os.getppid() == kernel:
            with contextlib.suppress(OSError):
                os.kill(kernel, signal.SIGKILL)
