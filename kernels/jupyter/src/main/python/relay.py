"""Stands between Jupyter and the Kotlin kernel: passes messages on, answers questions about Cellweave's verbs, and
makes errors readable. The kernel itself offers no place for either.

The kernel runs in the parent process; this one ends when the parent does.
"""

import hashlib
import hmac
import json
import os
import socket
import traceback
import uuid
from datetime import datetime, timezone

import zmq

import readable

DELIMITER = b"<IDS|MSG>"
CHANNELS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]


def inner_connection(connection):
    """The same connection with free ports, for the kernel behind the relay."""
    holders = [socket.socket() for _ in CHANNELS]
    for holder in holders:
        holder.bind(("127.0.0.1", 0))
    ports = {channel: holder.getsockname()[1] for channel, holder in zip(CHANNELS, holders)}
    for holder in holders:
        holder.close()
    return {**connection, **ports, "ip": "127.0.0.1", "transport": "tcp"}


class Signature:
    def __init__(self, connection):
        self.key = connection.get("key", "").encode()

    def of(self, frames):
        if not self.key:
            return b""
        digest = hmac.new(self.key, digestmod=hashlib.sha256)
        for frame in frames:
            digest.update(frame)
        return digest.hexdigest().encode()


class Message:
    """Identities, then header, parent, metadata and content, then buffers."""

    def __init__(self, parts):
        at = parts.index(DELIMITER)
        self.identities, self.frames, self.buffers = parts[:at], parts[at + 2 : at + 6], parts[at + 6 :]
        self.header = json.loads(self.frames[0])

    @property
    def kind(self):
        return self.header.get("msg_type")

    @property
    def content(self):
        return json.loads(self.frames[3])

    def parent(self):
        return json.loads(self.frames[1])

    def with_content(self, content, signature):
        frames = [*self.frames[:3], json.dumps(content).encode()]
        return [*self.identities, DELIMITER, signature.of(frames), *frames, *self.buffers]


class Relay:
    def __init__(self, outer, inner, verbs, described):
        self.signature = Signature(outer)
        self.verbs = verbs
        self.described = described
        self.codes = {}
        context = zmq.Context()
        identity = uuid.uuid4().hex.encode()
        self.front, self.back = {}, {}
        for channel in CHANNELS:
            outward = zmq.XPUB if channel == "iopub_port" else zmq.ROUTER
            inward = zmq.SUB if channel == "iopub_port" else zmq.DEALER
            self.front[channel] = self.open(context, outward, outer, channel, bind=True)
            self.back[channel] = self.open(context, inward, inner, channel, identity=identity)
        self.back["iopub_port"].setsockopt(zmq.SUBSCRIBE, b"")

    def open(self, context, kind, connection, channel, bind=False, identity=None):
        link = context.socket(kind)
        link.linger = 1000
        link.set_hwm(0)
        if identity and kind == zmq.DEALER:
            # The kernel sends questions on stdin to the identity that asked on shell.
            link.identity = identity
        address = f"{connection['transport']}://{connection['ip']}"
        address += f"{':' if connection['transport'] == 'tcp' else '-'}{connection[channel]}"
        (link.bind if bind else link.connect)(address)
        return link

    def run(self, kernel):
        poller = zmq.Poller()
        for link in [*self.front.values(), *self.back.values()]:
            poller.register(link, zmq.POLLIN)
        while os.getppid() == kernel:
            ready = dict(poller.poll(1000))
            for channel in CHANNELS:
                if self.front[channel] in ready:
                    self.from_jupyter(channel, self.front[channel].recv_multipart())
                if self.back[channel] in ready:
                    self.front[channel].send_multipart(self.from_kernel(channel, self.back[channel].recv_multipart()))

    def from_jupyter(self, channel, parts):
        if channel == "iopub_port":
            return
        # A message that this program cannot read is the kernel's to judge.
        try:
            if channel == "shell_port":
                parts = self.asked(parts)
        except Exception:
            traceback.print_exc()
        if parts:
            self.back[channel].send_multipart(parts)

    def from_kernel(self, channel, parts):
        try:
            return self.readable(parts) if channel in ("shell_port", "iopub_port") else parts
        except Exception:
            traceback.print_exc()
            return parts

    def asked(self, parts):
        """What the kernel shall get of a request; None when it was answered here."""
        message = Message(parts)
        if message.kind == "inspect_request":
            return None if self.answer("shell_port", message) else parts
        if message.kind != "execute_request":
            return parts
        content = message.content
        code = content.get("code", "")
        self.codes[message.header["msg_id"]] = code
        own = readable.with_own_libraries(code, self.described)
        return parts if own == code else message.with_content({**content, "code": own}, self.signature)

    def answer(self, channel, message):
        asked = message.content
        data = readable.inspection(asked.get("code", ""), asked.get("cursor_pos", 0), self.verbs)
        if data is None:
            return False
        self.publish("status", {"execution_state": "busy"}, message)
        reply = {"status": "ok", "found": True, "data": data, "metadata": {}}
        frames = self.frames("inspect_reply", reply, message)
        self.front[channel].send_multipart([*message.identities, DELIMITER, self.signature.of(frames), *frames])
        self.publish("status", {"execution_state": "idle"}, message)
        return True

    def publish(self, kind, content, parent):
        frames = self.frames(kind, content, parent)
        self.front["iopub_port"].send_multipart([kind.encode(), DELIMITER, self.signature.of(frames), *frames])

    def frames(self, kind, content, parent):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "kernel",
            "session": parent.header.get("session", ""),
            "date": datetime.now(timezone.utc).isoformat(),
            "version": "5.3",
        }
        return [json.dumps(header).encode(), parent.frames[0], b"{}", json.dumps(content).encode()]

    def readable(self, parts):
        message = Message(parts)
        asked = message.parent().get("msg_id")
        if message.kind == "error" or (message.kind == "execute_reply" and message.content.get("status") == "error"):
            content = readable.tidied(message.content, self.codes.get(asked, ""), self.verbs)
            parts = message.with_content(content, self.signature)
        if message.kind == "execute_reply":
            self.codes.pop(asked, None)
        return parts


def main(outer, inner, home, kernel):
    verbs = json.loads((home / "verbs.json").read_text(encoding="utf-8"))
    described = {path.stem: str(path) for path in (home / "libraries").glob("*.json")}
    Relay(outer, inner, verbs, described).run(kernel)
