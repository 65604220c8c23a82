"""May we contact this person now? Every word to a customer passes here.

`decide` asks, by the rules the house keeps (scopes.py, ruling.py, weighing.py); `hold` and `release` keep everything
back for a while, `suppress` and `lift` are about one address; `Reply`, `Forward` and `Decision` are the only
authorities by which something leaves.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careline.contact.actions import decide, hold, lift, release, suppress
    from careline.contact.reasons import words
    from careline.contact.types import Decision, Forward, Reply

__all__ = ["Decision", "Forward", "Reply", "decide", "hold", "lift", "release", "suppress", "words"]

_HOMES = dict.fromkeys(("decide", "hold", "lift", "release", "suppress"), "actions") | {"words": "reasons"}


def __getattr__(name: str) -> Any:
    # Models cannot be imported before Django knows its rooms, and naming this room to Django imports this file.
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"careline.contact.{_HOMES.get(name, 'types')}"), name)
