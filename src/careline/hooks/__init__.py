"""Signed words to other people's programs: whoever is told of something here is told once it is committed.

Requests are signed as Standard Webhooks are. An endpoint that does not answer is asked again for about a day.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careline.hooks.actions import send

__all__ = ["send"]


def __getattr__(name: str) -> Any:
    # Models cannot be imported before Django knows its rooms, and naming this room to Django imports this file.
    if name not in __all__:
        raise AttributeError(name)
    from careline.hooks import actions

    return getattr(actions, name)
