"""Redis or Valkey, for installations of several machines; needs the extra `redis`."""

from typing import Any

from careline.kit.bus.link import Listener, Teller


class RedisWay:
    name = "Redis"
    limit = 1_000_000

    def __init__(self, url: str, channel: str) -> None:
        try:
            import redis
        except ImportError:
            raise RuntimeError("REDIS_URL is set, but redis is not installed: pip install 'careline[redis]'.") from None
        self.lost: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        self._url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
        self._channel = channel

    def teller(self) -> Teller:
        return _Teller(self._connect(socket_timeout=5), self._channel)

    def listener(self) -> Listener:
        return _Listener(self._connect(), self._channel)

    def _connect(self, **more: Any) -> Any:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # Without tries of its own: a listener that quietly came back would not know what it has missed.
        return redis.Redis.from_url(
            self._url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=5,
            socket_keepalive=True,
            client_name="careline-bus",
            decode_responses=True,
            **more,
        )


class _Teller:
    def __init__(self, server: Any, channel: str) -> None:
        self._server = server
        self._channel = channel

    def send(self, frames: list[str]) -> None:
        for frame in frames:
            self._server.publish(self._channel, frame)

    def close(self) -> None:
        self._server.close()


class _Listener:
    def __init__(self, server: Any, channel: str) -> None:
        self._server = server
        self._subscription = server.pubsub()
        self._subscription.subscribe(channel)
        self._asked = False
        if self._subscription.get_message(timeout=5) is None:  # the server's word that we are subscribed
            raise TimeoutError("the server does not answer")

    def receive(self, timeout: float) -> list[str]:
        message = self._subscription.get_message(ignore_subscribe_messages=True, timeout=timeout)
        if message is not None:
            self._asked = False
            return [message["data"]] if message["type"] == "message" else []
        if self._asked:
            raise TimeoutError("the server no longer answers")
        self._subscription.ping()
        self._asked = True
        return []

    def close(self) -> None:
        self._subscription.close()
        self._server.close()
