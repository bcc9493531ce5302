"""What the relay remembers of cells: their code until the last message about them, and whether they run."""

KEPT_ENDED = 64
KEPT_OPEN = 10_000


class Request:
    """One cell that was sent to the kernel."""

    def __init__(self, message, code):
        self.message, self.code = message, code
        self.running = self.replied = self.idle = False

    @property
    def ended(self):
        return self.replied and self.idle


class Requests:
    """Cells by the name of their message.

    The reply and the outputs come on two channels, in any order, so that a cell is remembered until both have ended,
    and the last ones a while longer.
    """

    def __init__(self):
        self.open, self.past = {}, {}

    def sent(self, message, code):
        self.open[message.id] = Request(message, code)
        while len(self.open) > KEPT_OPEN:
            self.open.pop(next(iter(self.open)))

    def code(self, asked):
        request = self.open.get(asked) or self.past.get(asked)
        return request.code if request else ""

    def running(self):
        """The cell that the kernel is at, or None."""
        return next((request for request in self.open.values() if request.running and not request.idle), None)

    def heard(self, kind, content, asked):
        """Takes note of a message of the kernel."""
        request = self.open.get(asked)
        if request is None:
            return
        if kind == "status":
            state = content.get("execution_state")
            request.running = request.running or state == "busy"
            request.idle = request.idle or state == "idle"
        elif kind == "execute_reply":
            request.replied = True
        if request.ended:
            self.past[asked] = self.open.pop(asked)
            while len(self.past) > KEPT_ENDED:
                self.past.pop(next(iter(self.past)))


class Stopping:
    """What follows an interrupt: the kernel stops the cell; where it does not, the reader is told, and a second
    interrupt ends the kernel."""

    PATIENCE_SECONDS = 5.0

    def __init__(self, requests):
        self.requests = requests
        self.request, self.since, self.answered, self.told = None, 0.0, False, False

    def pressed(self, now):
        """Takes note of an interrupt. The cell to give up when the reader was told before, else None."""
        running = self.requests.running()
        if running is None:
            self.request = None
        elif running is not self.request:
            self.request, self.since, self.answered, self.told = running, now, False, False
        elif self.told:
            return running
        return None

    def reply(self):
        """The kernel took note of the interrupt."""
        self.answered = True

    def overdue(self, now):
        """The cell that has not stopped in time and what to say of it; once for each, else None."""
        request = self.request
        if request is None or self.told or now - self.since < self.PATIENCE_SECONDS:
            return None
        if request is not self.requests.running():
            self.request = None
            return None
        self.told = True
        why = "" if self.answered else "; the kernel does not answer, most likely because its memory is full"
        return request, (
            f"The cell has not stopped {self.PATIENCE_SECONDS:.0f} s after the interrupt{why}. It may still stop by "
            "itself. Interrupt once more to end the kernel: what the notebook holds is then lost.\n"
        )


ENDED = (
    "The kernel was ended by the second interrupt, because the cell did not stop. What the notebook held is lost: run it "
    "again from the top."
)
DIED = (
    "The kernel ended while this cell ran, most likely because its memory was full. What the notebook held is lost: run "
    "it again from the top, with less data or a larger heap (./cellweave jupyter install --heap SIZE)."
)
