"""Who wants to hear what, and the link to other processes if there is one."""

import logging
import threading
from collections.abc import Callable

from careline.kit.bus.frames import GAP, Message
from careline.kit.bus.link import Link, Way

Callback = Callable[[str, Message], None]

_log = logging.getLogger(__name__)


class Exchange:
    def __init__(self) -> None:
        self._subscribers: tuple[tuple[str, Callback], ...] = ()
        self._lock = threading.Lock()
        self._link: Link | None = None

    def publish(self, topic: str, message: Message) -> None:
        """Never raises: what happened has happened, whether or not anybody could be told."""
        self._deliver(topic, message)
        link = self._link
        if link is not None:
            try:
                link.put(topic, message)
            except Exception:
                _log.exception("A message about %s cannot be told to other processes.", topic.partition(":")[0])

    def subscribe(self, prefix: str, callback: Callback) -> Callable[[], None]:
        """`callback(topic, message)` runs in whichever thread publishes; it must be quick. Returns the way to leave."""
        entry = (prefix, callback)
        with self._lock:
            self._subscribers = (*self._subscribers, entry)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(other for other in self._subscribers if other is not entry)

        return unsubscribe

    def join(self, way: Way, *, patience: float = 5.0) -> None:
        """Returns once this process hears the others, or after `patience`: then it goes on trying by itself."""
        self.leave()
        link = Link(way, heard=self._deliver)
        link.open(patience)
        self._link = link

    def leave(self) -> None:
        """What was published before is sent; subscriptions stay."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _deliver(self, topic: str, message: Message) -> None:
        for prefix, callback in self._subscribers:
            if topic == GAP or topic.startswith(prefix):
                try:
                    callback(topic, message)
                except Exception:
                    _log.exception("A subscriber of %s failed.", prefix or "everything")
