"""Keeping the copy: one process at a time follows the line, version by version, and merges beside it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from careline.insights import stale
from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import manifest, merging, recent, source, whole
from careline.insights.warehouse.copy.manifest import Manifest
from careline.insights.warehouse.copy.merging import Merged
from careline.kit import bus

# Merging may take a quarter of the time.
REST = 3.0
_log = logging.getLogger(__name__)


class Keeper:
    """Made by `keeping`, which sees to it that there is one."""

    def __init__(self) -> None:
        manifest.clear()
        self.current = manifest.read()
        manifest.sweep(self.current)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="columnar-merge")
        self._merging: Future[Merged] | None = None
        self._rest_until = 0.0

    def follow(self) -> bool:
        """Take in what was committed; False when something is still held back and has to be looked for again."""
        with source.snapshot() as stand:
            if stand.foreign:
                return False
            made = self._made(stand)
        if made is not None:
            self._switch(made)
        return not stand.held

    def tend(self) -> bool:
        """Take a finished merge into use, begin one that is due; whether one is under way."""
        if self._merging is not None and self._merging.done():
            finished, self._merging = self._merging, None
            self._adopt(finished.result())
        due = self.current is not None and merging.is_due(self.current)
        if due and self._merging is None and time.monotonic() >= self._rest_until:
            assert self.current is not None
            self._merging = self._thread.submit(merging.merge, self.current)
        return due or self._merging is not None

    def merge_now(self) -> None:
        if self.current is not None and self.current.recent is not None:
            self._adopt(merging.merge(self.current))

    def close(self) -> None:
        """A merge under way is awaited; without its keeper nobody would take it into use."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _made(self, stand: source.Stand) -> Manifest | None:
        current = self.current
        if current is not None and self._can_follow(current, stand):
            return recent.make(current, stand)
        self._merging = None
        if not source.fresh("0", stand.xmin).people:
            if current is not None:
                self.current = None
                manifest.forget()
            return None
        return whole.make(current.version + 1 if current else 1, stand)

    @staticmethod
    def _can_follow(current: Manifest, stand: source.Stand) -> bool:
        if current.source != stand.source or int(current.xid) > int(stand.xmax):
            return False
        return stale.EVERYBODY not in source.stale_since(current.xid)

    def _adopt(self, merged: Merged) -> None:
        # The line may have been replaced by another one meanwhile.
        if self.current is not None and self.current.source == merged.of.source:
            self._switch(merging.adopt(merged, self.current))
            self._rest_until = time.monotonic() + REST * merged.seconds
            _log.info("The columnar copy was merged: %s moments in %.1f s.", merged.rows, merged.seconds)

    def _switch(self, made: Manifest) -> None:
        manifest.switch(made)
        self.current = made


@contextmanager
def keeping() -> Iterator[Keeper | None]:
    """None while another process keeps the copy in this folder."""
    with manifest.held() as mine:
        if not mine:
            yield None
            return
        keeper = Keeper()
        try:
            yield keeper
        finally:
            keeper.close()


def follow() -> Manifest | None:
    """Once, for whoever has no worker; what another process keeps is taken as it is."""
    engine.folder().mkdir(parents=True, exist_ok=True)
    with keeping() as keeper:
        if keeper is None:
            return manifest.read()
        keeper.follow()
        return keeper.current


def renewed(patience: float) -> bool:
    """Until no file of the copy holds what was erased before this: by ourselves, or by whoever keeps the copy."""
    deadline = time.monotonic() + patience
    engine.folder().mkdir(parents=True, exist_ok=True)
    while not _is_clean():
        with keeping() as keeper:
            if keeper is not None:
                keeper.follow()
                keeper.merge_now()
        if keeper is None:
            bus.publish(stale.TOPIC, {})
        if time.monotonic() > deadline:
            return _is_clean()
        time.sleep(0.2)
    return True


def _is_clean() -> bool:
    found = manifest.read()
    return found is None or (found.erased <= found.base_version and not stale.since(found.xid))
