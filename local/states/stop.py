"""A signal that reaches inwards: what stops an execution stops its branches, their tasks and their waits."""

import threading


class Stop:
    """An event with inner ones: setting it sets them, and an inner one does not touch the outer."""

    def __init__(self, outer: "Stop | None" = None) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._inner: set[Stop] = set()
        self._outer = outer

    def inner(self) -> "Stop":
        """A signal that this one sets too."""
        child = Stop(self)
        with self._lock:
            self._inner.add(child)
        if self.is_set():
            child.set()
        return child

    def set(self) -> None:
        """Set this signal and all within; the outer one forgets it."""
        self._event.set()
        if self._outer:
            with self._outer._lock:
                self._outer._inner.discard(self)
        with self._lock:
            within = list(self._inner)
        for child in within:
            child.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float | None) -> bool:
        """Whether it was set within `seconds`; None waits for ever."""
        return self._event.wait(seconds)
