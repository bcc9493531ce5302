"""python -m unittest discover kernels/jupyter/src/test/python     (a Python with jupyter_client)"""

import itertools
import json
import os
import socket
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "main" / "python"))
import zmq  # noqa: E402
from jupyter_client.session import DELIM, Session  # noqa: E402

import launch  # noqa: E402
import relay  # noqa: E402
import sealed  # noqa: E402
from requests_of_cells import Requests, Stopping  # noqa: E402

KEY = "the key of this session"
VERBS = {"sc.pp.pca": {"text": "sc.pp.pca(...)", "html": "<p>", "arguments": {"nComps": {"declared": "nComps: Int?", "text": ""}}}}
CODE = "val x = 1\nsc.pp.pca(adata, nComp = 5)"
ERROR = {
    "ename": "x.ReplCompilerException",
    "evalue": "at Cell In[7], line 2, column 18: Cannot find a parameter with this name: nComp",
    "traceback": [],
}
TIDY = [
    "\x1b[1mCell In[7], line 2, column 18: Cannot find a parameter with this name: nComp. Did you mean nComps?\x1b[0m",
    "    sc.pp.pca(adata, nComp = 5)",
    "                     ^",
]


def session(key=KEY):
    return Session(key=key.encode(), packer="json", unpacker="json")


def parts(kind, content, key=KEY, parent=None):
    maker = session(key)
    return maker.serialize(maker.msg(kind, content, parent=parent), [b"me"])


def seal(key=KEY):
    return sealed.Seal({"key": key})


class Sealed(unittest.TestCase):
    def refused(self, message, words, by=None):
        with self.assertRaisesRegex(sealed.Refused, words):
            (by or seal()).opened(message)

    def test_what_is_signed_is_read_and_signed_anew_as_it_came(self):
        came = [*parts("execute_request", {"code": "1"}), b"a buffer"]
        message = seal().opened(came)
        self.assertEqual((message.kind, message.content), ("execute_request", {"code": "1"}))
        other = seal("another key")
        passed = other.closed(message)
        self.assertEqual(passed[3:], came[3:])
        self.assertEqual(other.session.sign(passed[3:7]), passed[2])
        self.assertNotEqual(passed[2], came[2])
        changed = other.closed(message, {"code": "2"})
        self.assertEqual(json.loads(changed[6]), {"code": "2"})
        self.assertEqual(other.session.sign(changed[3:7]), changed[2])

    def test_forgeries_are_refused(self):
        good = parts("execute_request", {"code": "1"})
        self.refused(parts("execute_request", {"code": "1"}, key="guessed"), "its signature is wrong")
        self.refused([*good[:2], b"", *good[3:]], "it is not signed")
        self.refused([*good[:2], b"0" * 64, *good[3:]], "its signature is wrong")
        self.refused([*good[:2], good[2][:32], *good[3:]], "its signature is wrong")
        for at in range(3, 7):
            self.refused([*good[:at], good[at] + b" ", *good[at + 1 :]], "its signature is wrong")

    def test_a_message_counts_once(self):
        by, good = seal(), parts("execute_request", {"code": "1"})
        by.opened(good)
        self.refused(good, "Duplicate Signature", by)
        self.refused([b"another", *good[1:]], "Duplicate Signature", by)

    def test_strangers_cannot_fill_the_record_of_signatures(self):
        by, good = seal(), parts("execute_request", {"code": "1"})
        by.opened(good)
        for i in range(100):
            self.refused([b"me", DELIM, b"%064d" % i, *good[3:]], "its signature is wrong", by)
        self.assertEqual(by.session.digest_history, {good[2]})

    def test_what_is_no_message_is_refused(self):
        self.refused([], "no delimiter")
        self.refused([b"x"], "no delimiter")
        self.refused([b"x"] * 200 + parts("a_request", {}), "no delimiter")
        self.refused([DELIM], "parts are missing")
        self.refused([b"me", DELIM, b"", b"{}", b"{}", b"{}"], "parts are missing")

    def test_what_is_signed_and_no_message_is_refused(self):
        for frames in (
            [b"[]", b"{}", b"{}", b"{}"],
            [b"{}", b"{}", b"{}", b"{}"],
            [b"[" * 100_000, b"{}", b"{}", b"{}"],
            [b"\xff", b"{}", b"{}", b"{}"],
            [b'{"msg_id": 1, "msg_type": "a_request", "version": "5.3"}', b"{}", b"{}", b"{}"],
            [b'{"msg_id": "1", "msg_type": "a_request", "version": "5.3"}', b"{}", b"{}", b"[1]"],
        ):
            self.refused([b"me", DELIM, session().sign(frames), *frames], ".", seal())

    def test_what_the_kernel_says_is_no_request(self):
        """Anybody can listen to the outputs, and send them back."""
        to_jupyter, inner = seal(), seal("inner")
        said = inner.opened(parts("comm_msg", {"comm_id": "1", "data": {}}, key="inner"))
        heard = to_jupyter.closed(said)
        self.refused(heard, "Duplicate Signature", to_jupyter)

    def test_kinds_keep_to_their_channels(self):
        def fits(channel, kind, to_kernel):
            message = seal().opened(parts(kind, {}))
            return sealed.fits(channel, message, to_kernel)

        for channel, kind in [
            ("shell_port", "execute_request"), ("shell_port", "comm_open"), ("control_port", "shutdown_request"),
            ("stdin_port", "input_reply"),
        ]:
            self.assertTrue(fits(channel, kind, True), (channel, kind))
            self.assertFalse(fits(channel, kind, False), (channel, kind))
        for channel, kind in [
            ("shell_port", "execute_reply"), ("control_port", "interrupt_reply"), ("stdin_port", "input_request"),
            ("iopub_port", "stream"), ("iopub_port", "comm_msg"),
        ]:
            self.assertTrue(fits(channel, kind, False), (channel, kind))
        for channel, kind in [("shell_port", "execute_reply"), ("shell_port", "status"), ("iopub_port", "stream"),
                              ("control_port", "comm_open"), ("stdin_port", "execute_request")]:
            self.assertFalse(fits(channel, kind, True), (channel, kind))

    def test_heartbeats_are_short(self):
        self.assertTrue(sealed.is_heartbeat([b"me", b"", b"ping"]))
        for beat in ([b"me", b"ping"], [b"me", b"", b"p" * 2000], [b"me", b"", b"a", b"b"], []):
            self.assertFalse(sealed.is_heartbeat(beat))

    def test_the_kernel_has_a_key_and_an_address_of_its_own(self):
        outer = {"key": KEY, "ip": "0.0.0.0", "transport": "tcp", "shell_port": 1, "signature_scheme": "hmac-sha1"}
        one, two = sealed.inner_connection(outer), sealed.inner_connection(outer)
        self.assertEqual((one["ip"], one["host"], one["signature_scheme"]), ("127.0.0.1", "127.0.0.1", "hmac-sha256"))
        self.assertEqual(len({KEY, one["key"], two["key"]}), 3)
        self.assertEqual(len({one[channel] for channel in sealed.CHANNELS}), 5)

    def test_the_ports_of_the_kernel_are_nobody_elses(self):
        first = sealed.first_handed_out()
        for _ in range(20):
            self.assertTrue(all(sealed.LOWEST_PORT <= port < first for port in sealed.free_ports(5, set())))
        low = sealed.LOWEST_PORT
        # No room below: the system's own, still none that is promised.
        self.assertEqual(len(set(sealed.free_ports(5, {low}, low))), 5)
        # Six ports are left, one of them taken and two promised to the relay. Which ones other programs hold is no
        # part of this, so that nothing is bound.
        with mock.patch.object(sealed, "bound", self.bound_unless(low + 3)):
            self.assertEqual(sorted(sealed.free_ports(3, {low, low + 1}, low + 6)), [low + 2, low + 4, low + 5])

    def test_a_port_that_is_taken_is_not_bound(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            with self.assertRaises(OSError):
                sealed.bound(taken.getsockname()[1])

    @staticmethod
    def bound_unless(taken):
        def bound(port):
            if port == taken:
                raise OSError(f"{port} is taken")
            return port
        return bound

    def test_a_connection_file_is_removed_by_those_who_wrote_it(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kernel.jvm.json"
            old = launch.write_secret(path, "old")
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            new = launch.write_secret(path, "new")
            old()
            self.assertEqual(path.read_text(), "new")
            new()
            self.assertFalse(path.exists())
            new()


def kernel_says(asked, order):
    """What the relay makes of a failing cell whose messages come in this order: the contents of both errors."""
    requests, made = Requests(), []
    request = seal().opened(parts("execute_request", {"code": CODE}))
    requests.sent(request, CODE)
    for kind, content in order:
        if kind == "error" or content.get("status") == "error":
            made.append(relay.readable.tidied(content, requests.code(request.id), VERBS)["traceback"])
        requests.heard(kind, content, request.id)
    return made, requests


class Orders(unittest.TestCase):
    RECORDED = [
        ("status", {"execution_state": "busy"}),
        ("execute_input", {"code": CODE}),
        ("error", ERROR),
        ("execute_reply", {"status": "error", **ERROR}),
        ("status", {"execution_state": "idle"}),
    ]

    def test_a_failure_has_its_line_and_hint_in_any_order_of_messages(self):
        for order in itertools.permutations(self.RECORDED):
            made, requests = kernel_says("1", order)
            self.assertEqual(made, [TIDY, TIDY], order)
            self.assertEqual(requests.open, {}, order)

    def test_cells_are_forgotten_long_after_they_ended_only(self):
        requests = Requests()
        messages = [seal().opened(parts("execute_request", {"code": str(i)})) for i in range(300)]
        for i, message in enumerate(messages):
            requests.sent(message, str(i))
        self.assertEqual(requests.code(messages[0].id), "0")
        for message in messages:
            requests.heard("status", {"execution_state": "idle"}, message.id)
            requests.heard("execute_reply", {"status": "ok"}, message.id)
        self.assertEqual((requests.code(messages[-1].id), requests.code(messages[0].id)), ("299", ""))
        self.assertEqual((len(requests.open), len(requests.past)), (0, 64))


class Stops(unittest.TestCase):
    def setUp(self):
        self.requests = Requests()
        self.stopping = Stopping(self.requests)
        self.cell = seal().opened(parts("execute_request", {"code": "x"}))
        self.requests.sent(self.cell, "x")
        self.requests.heard("status", {"execution_state": "busy"}, self.cell.id)

    def test_a_cell_that_does_not_stop_is_told_of_once_and_the_next_interrupt_ends_the_kernel(self):
        self.assertIsNone(self.stopping.pressed(100.0))
        self.assertIsNone(self.stopping.overdue(104.9))
        self.assertIsNone(self.stopping.pressed(104.9), "nobody was told yet")
        request, sentence = self.stopping.overdue(105.0)
        self.assertIs(request.message, self.cell)
        self.assertRegex(sentence, "not stopped 5 s after the interrupt; the kernel does not answer.*Interrupt once more")
        self.assertIsNone(self.stopping.overdue(200.0))
        self.assertIs(self.stopping.pressed(201.0), request)

    def test_a_kernel_that_answers_is_not_said_to_be_full(self):
        self.stopping.pressed(100.0)
        self.stopping.reply()
        self.assertNotIn("memory", self.stopping.overdue(105.0)[1])

    def test_a_cell_that_stops_is_left_alone(self):
        self.stopping.pressed(100.0)
        self.requests.heard("status", {"execution_state": "idle"}, self.cell.id)
        self.assertIsNone(self.stopping.overdue(106.0))
        self.assertIsNone(self.stopping.pressed(107.0))

    def test_another_cell_starts_from_the_beginning(self):
        self.stopping.pressed(100.0)
        self.stopping.overdue(105.0)
        self.requests.heard("status", {"execution_state": "idle"}, self.cell.id)
        other = seal().opened(parts("execute_request", {"code": "y"}))
        self.requests.sent(other, "y")
        self.requests.heard("status", {"execution_state": "busy"}, other.id)
        self.assertIsNone(self.stopping.pressed(106.0))


class Passing(unittest.TestCase):
    """The relay between this test as Jupyter and this test as the kernel."""

    KINDS = {"shell_port": zmq.ROUTER, "iopub_port": zmq.PUB, "stdin_port": zmq.ROUTER, "control_port": zmq.ROUTER, "hb_port": zmq.REP}

    def setUp(self):
        holders = [socket.socket() for _ in relay.CHANNELS]
        for holder in holders:
            holder.bind(("127.0.0.1", 0))
        self.outer = {channel: holder.getsockname()[1] for channel, holder in zip(relay.CHANNELS, holders)}
        for holder in holders:
            holder.close()
        self.outer.update(ip="127.0.0.1", transport="tcp", key=KEY, signature_scheme="hmac-sha256")
        inner = relay.inner_connection(self.outer)
        self.key = inner["key"]
        self.context = zmq.Context()
        self.addCleanup(self.context.term)
        self.kernel = {}
        for channel, kind in self.KINDS.items():
            self.kernel[channel] = self.context.socket(kind)
            self.addCleanup(self.kernel[channel].close, 0)
            self.kernel[channel].bind(f"tcp://127.0.0.1:{inner[channel]}")
        self.relay = relay.Relay(self.outer, inner, VERBS, {"cellweave": "/opt/x/cellweave.json"})
        # It runs as long as this is its parent; the thread ends with the test's process.
        threading.Thread(target=self.relay.run, args=[os.getppid()], daemon=True).start()

    def client(self, channel, kind=zmq.DEALER):
        link = self.context.socket(kind)
        self.addCleanup(link.close, 0)
        link.connect(f"tcp://127.0.0.1:{self.outer[channel]}")
        return link

    def test_forgeries_reach_nobody_and_the_relay_lives_on(self):
        kinds = {"shell_port": "execute_request", "control_port": "shutdown_request", "stdin_port": "input_reply"}
        for channel, kind in kinds.items():
            link = self.client(channel)
            content = {"code": "%use cellweave\n1", "value": "x"}
            for forged in (parts(kind, content, key="guessed"), parts(kind, content, key="")):
                link.send_multipart(forged[1:])
            for junk in ([b""], [DELIM], [b"a"] * 300, [DELIM, b"", b"{", b"", b"", b""], [DELIM, b"", *[b"[" * 10_000] * 4]):
                link.send_multipart(junk)
            good = parts(kind, content)
            link.send_multipart(good[1:])
            link.send_multipart(good[1:])
            self.assertTrue(self.kernel[channel].poll(5000), channel)
            message = sealed.Seal({"key": self.key}).opened(self.kernel[channel].recv_multipart())
            self.assertEqual(message.header["msg_id"], json.loads(good[3])["msg_id"], channel)
            self.assertFalse(self.kernel[channel].poll(300), f"more than the one genuine message came on {channel}")

    def test_a_stranger_who_knows_the_other_ports_is_not_the_kernel(self):
        listener = self.client("iopub_port", zmq.SUB)
        listener.setsockopt(zmq.SUBSCRIBE, b"")
        for _ in range(50):
            if listener.poll(100):
                break
            self.kernel["iopub_port"].send_multipart(parts("stream", {"text": "forged"}, key="guessed"))
            self.kernel["iopub_port"].send_multipart(parts("stream", {"text": "true"}, key=self.key))
        self.assertEqual(seal().opened(listener.recv_multipart()).content["text"], "true")

    def test_heartbeats_are_echoed(self):
        beat = self.client("hb_port", zmq.REQ)
        beat.send(b"ping")
        self.assertTrue(self.kernel["hb_port"].poll(5000))
        self.kernel["hb_port"].send(self.kernel["hb_port"].recv())
        self.assertTrue(beat.poll(5000))
        self.assertEqual(beat.recv(), b"ping")

    def test_frames_beyond_the_limit_close_the_strangers_link(self):
        stranger, beat = self.client("hb_port"), self.client("hb_port")
        stranger.send_multipart([b"", b"x" * (sealed.SHORTEST + 1)])
        beat.send_multipart([b"", b"ping"])
        self.assertTrue(self.kernel["hb_port"].poll(5000))
        self.assertEqual(self.kernel["hb_port"].recv(), b"ping")

    def test_questions_are_answered_to_those_with_the_key(self):
        link = self.client("shell_port")
        question = {"code": "sc.pp.pca", "cursor_pos": 9}
        link.send_multipart(parts("inspect_request", question, key="guessed")[1:])
        self.assertFalse(link.poll(300))
        for odd in ({"code": 5, "cursor_pos": "x"}, {"code": "sc.pp.pca", "cursor_pos": -99999}):
            link.send_multipart(parts("inspect_request", odd)[1:])
        link.send_multipart(parts("inspect_request", question)[1:])
        self.assertTrue(link.poll(5000))
        answer = seal().opened(link.recv_multipart())
        self.assertEqual((answer.kind, answer.content["data"]["text/plain"]), ("inspect_reply", "sc.pp.pca(...)"))


if __name__ == "__main__":
    unittest.main()
