"""What travels between processes: numbered batches of messages, cut into frames that fit the way."""

import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import msgspec

_log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(list[tuple[str, dict[str, Any]]]).decode
# Processes come and go; more than this many are never alive at once.
ORIGINS = 512


# Told to every subscriber when messages of other processes may have been missed: compare with the database again.
GAP = "bus.gap"
Message = dict[str, Any]
Messages = list[tuple[str, Message]]


def gap() -> tuple[str, Message]:
    return GAP, {"topic": GAP}


def encode(topic: str, message: Message) -> bytes:
    return msgspec.json.encode((topic, message))


def cut(origin: str, number: int, messages: list[bytes], limit: int) -> list[str]:
    """The frames of one batch: `origin:number:part:parts:text`, each text at most `limit` bytes of UTF-8."""
    batch = b"[" + b",".join(messages) + b"]"
    pieces: list[bytes] = []
    at = 0
    while at < len(batch):
        end = min(at + limit, len(batch))
        while end < len(batch) and batch[end] & 0xC0 == 0x80:  # not inside a character
            end -= 1
        pieces.append(batch[at:end])
        at = end
    return [f"{origin}:{number}:{part}:{len(pieces)}:{piece.decode()}" for part, piece in enumerate(pieces)]


@dataclass(slots=True)
class _Sender:
    last: int = 0
    # Whatever number comes next is fine: that some are missing has been told.
    any_next: bool = True
    number: int = 0
    pieces: list[str] = field(default_factory=list)


class Assembler:
    """Puts frames together again. Our own are dropped, since they were delivered at once; so is what came twice."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._senders: OrderedDict[str, _Sender] = OrderedDict()

    def resume(self) -> None:
        """On a new line: half a batch of the old one never becomes whole, what was heard on it stays heard."""
        for sender in self._senders.values():
            sender.any_next, sender.pieces = True, []

    def take(self, frame: str) -> Messages:
        """The messages of a batch, once its last frame is here; a gap stands for what should have come and did not."""
        try:
            origin, number_text, part_text, parts_text, text = frame.split(":", 4)
            number, part, parts = int(number_text), int(part_text), int(parts_text)
        except ValueError:
            _log.warning("Something that is not ours was received on the channel of the bus.")
            return []
        if origin == self._own:
            return []
        sender = self._senders.setdefault(origin, _Sender())
        self._senders.move_to_end(origin)
        if len(self._senders) > ORIGINS:
            self._senders.popitem(last=False)
        if number <= sender.last:
            return []
        if part == 0:
            sender.number, sender.pieces = number, []
        if number != sender.number or part != len(sender.pieces):
            sender.last, sender.any_next, sender.pieces = number, False, []
            return [gap()]
        sender.pieces.append(text)
        if part + 1 < parts:
            return []
        follows = sender.any_next or number == sender.last + 1
        batch = "".join(sender.pieces)
        sender.last, sender.any_next, sender.pieces = number, False, []
        try:
            messages = _decode(batch)
        except msgspec.MsgspecError:
            _log.warning("A batch of messages could not be read: are all processes of the same version?")
            return [gap()]
        return messages if follows else [gap(), *messages]
