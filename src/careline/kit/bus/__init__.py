"""News between the parts of a running Careline: published after commit, heard at once in this process.

A message is JSON (text, numbers, lists, dicts), small, and says what to look at rather than what it is. Other processes
hear of it within milliseconds, by NOTIFY or by Redis, once one of them is given to `start`.
"""

from django.db import transaction

from careline.kit.bus.exchange import Callback, Exchange
from careline.kit.bus.frames import GAP, Message

__all__ = ["GAP", "Callback", "Message", "after_commit", "publish", "start", "stop", "subscribe"]

_house = Exchange()

publish = _house.publish
subscribe = _house.subscribe
stop = _house.leave


def after_commit(topic: str, message: Message) -> None:
    """Published when the transaction around it is committed, and not at all when it is rolled back."""
    transaction.on_commit(lambda: publish(topic, message))


def start(dsn: str | None = None, redis_url: str | None = None) -> None:
    """Joins this process with the others, by Redis when there is one; without an address it stands alone."""
    if redis_url:
        from careline.kit.bus.pubsub import RedisWay
        from careline.kit.signing import derived_name

        # Redis has no databases for messages, so installations that share one are told apart by name.
        _house.join(RedisWay(redis_url, channel=derived_name("bus")))
    elif dsn:
        from careline.kit.bus.notify import NotifyWay

        _house.join(NotifyWay(dsn))
    else:
        _house.leave()
