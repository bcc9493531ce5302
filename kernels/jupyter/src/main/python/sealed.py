"""Messages of Jupyter's protocol. Nothing of a message is looked at before its signature has been verified.

Reading, writing, signing and the record of signatures seen are those of `jupyter_client`.
"""

import contextlib
import secrets
import socket
from hmac import compare_digest
from pathlib import Path

import zmq
from jupyter_client.session import DELIM, Session

CHANNELS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]
MAX_IDENTITIES = 8
FRAMES = 4
LOWEST_PORT = 10_000

# Bytes of one frame that strangers may send: a cell with its widgets' data; a heartbeat or a subscription.
LONGEST, SHORTEST = 64 << 20, 1 << 10


class Refused(Exception):
    """A message that must not be passed on."""


def inner_connection(connection):
    """A connection on free ports of this machine alone, with a key of its own, for the kernel behind the relay."""
    ports = dict(zip(CHANNELS, free_ports(len(CHANNELS), {connection.get(channel) for channel in CHANNELS})))
    own = {"ip": "127.0.0.1", "transport": "tcp", "key": secrets.token_hex(32), "signature_scheme": "hmac-sha256"}
    return with_host({**connection, **ports, **own})


def free_ports(count, promised, handed_out=None):
    """Ports that nobody listens on and that are not among the `promised` ones, which are free too until the relay
    takes them.

    The kernel binds them a second or two later. Whoever asks the system for any free port, or connects to somewhere,
    may get one of those it hands out in the meantime, so that these lie below them where there is room.
    """
    first = handed_out or first_handed_out()
    random = secrets.SystemRandom()
    found = []
    for tries in range(10_000):
        # The last tries are for a machine with no free port there.
        port = random.randrange(LOWEST_PORT, first) if first > LOWEST_PORT and tries < 5_000 else 0
        with contextlib.suppress(OSError):
            port = bound(port)
            if port not in promised and port not in found:
                found.append(port)
        if len(found) == count:
            return found
    raise OSError(f"no {count} free ports were found on 127.0.0.1")


def bound(port):
    """Binds a port for a moment, any free one for 0, and says which."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port))
        return holder.getsockname()[1]


def first_handed_out():
    """The lowest port that the system gives to those who ask for any."""
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        # RFC 6335
        return 49152


def with_host(connection):
    """The Kotlin kernel reads the address from `host`, and without one listens to the whole network."""
    return {**connection, "host": connection["ip"]}


class Message:
    """A verified message: what was signed as it came (`frames`) and as it reads."""

    def __init__(self, identities, frames, buffers, read):
        self.identities, self.frames, self.buffers = identities, frames, buffers
        self.header, self.parent, self.content = read["header"], read["parent_header"], read["content"]

    @property
    def kind(self):
        return self.header["msg_type"]

    @property
    def id(self):
        return self.header["msg_id"]

    @property
    def asked(self):
        """The name of the request that this message answers."""
        return self.parent.get("msg_id")


class Seal:
    """One side's key: opens what comes from there, closes what goes there."""

    def __init__(self, connection):
        self.session = Session(
            key=connection.get("key", "").encode(),
            signature_scheme=connection.get("signature_scheme") or "hmac-sha256",
            packer="json",
            unpacker="json",
        )

    def opened(self, parts):
        """The message of a multipart, or Refused."""
        session = self.session
        try:
            at = parts[: MAX_IDENTITIES + 1].index(DELIM)
        except ValueError:
            raise Refused("it has no delimiter") from None
        identities, signature, frames = parts[:at], parts[at + 1 : at + 2], parts[at + 2 : at + 2 + FRAMES]
        if len(frames) < FRAMES:
            raise Refused("parts are missing")
        # Before the session sees it, which remembers signatures before it verifies them: a stranger could fill its record.
        if session.auth is not None and not compare_digest(signature[0], session.sign(frames)):
            raise Refused("its signature is wrong" if signature[0] else "it is not signed")
        try:
            read = session.deserialize(parts[at + 1 :])
        except Exception as wrong:
            raise Refused(f"{type(wrong).__name__}: {str(wrong)[:200]}") from None
        message = Message(identities, frames, parts[at + 2 + FRAMES :], read)
        if not all(isinstance(part, dict) for part in (message.header, message.parent, message.content)):
            raise Refused("a part is no object")
        if not all(isinstance(name, str) for name in (message.kind, message.id)):
            raise Refused("its header names no kind")
        return message

    def closed(self, message, content=None):
        """The same message, signed for this side; with another content where one is given."""
        frames = message.frames if content is None else [*message.frames[:3], self.session.pack(content)]
        signature = self.session.sign(frames)
        self.never_back(message.kind, signature)
        return [*message.identities, DELIM, signature, *frames, *message.buffers]

    def made(self, kind, content, parent, identities):
        """A new message that answers the one with the header `parent`."""
        return self.session.serialize(self.session.msg(kind, content, parent=parent), identities)

    def never_back(self, kind, signature):
        """Anybody may listen to the outputs. Of what the kernel says, these alone would also do as a request."""
        if kind.startswith("comm_") and self.session.auth is not None:
            self.session.digest_history.add(signature)


def fits(channel, message, to_kernel):
    """Whether a message of this kind belongs on the channel in this direction."""
    kind = message.kind
    if channel == "stdin_port":
        return kind == ("input_reply" if to_kernel else "input_request")
    if channel == "iopub_port":
        return not to_kernel and not kind.endswith(("_request", "_reply"))
    if to_kernel:
        return kind.endswith("_request") or (channel == "shell_port" and kind.startswith("comm_"))
    return kind.endswith("_reply")


def is_heartbeat(parts):
    """An echo has no signature, so only its form can be checked."""
    return len(parts) == 3 and parts[1] == b"" and len(parts[2]) <= SHORTEST


def limited(link, channel):
    """Bounds what strangers can make this process hold."""
    short = channel in ("hb_port", "iopub_port")
    link.setsockopt(zmq.MAXMSGSIZE, SHORTEST if short else LONGEST)
    link.rcvhwm = 1000
    # Outputs of a long print; a reader that is slower than this loses some.
    link.sndhwm = 100_000
