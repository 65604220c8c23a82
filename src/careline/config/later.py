"""Addresses whose room is loaded when somebody first goes there: what the API stands on takes a fifth of a start."""

from __future__ import annotations

from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict
from typing_extensions import override

# Asked by whoever looks a name up, never changed.
_NOTHING: MultiValueDict[Any, Any] = MultiValueDict()


class Later(URLResolver):
    """Found by address alone: the names in it are not known to `reverse`, which would have to load them all."""

    @override
    def _populate(self) -> None:
        """Nothing to look up by name."""

    reverse_dict = namespace_dict = app_dict = property(lambda self: _NOTHING)

    @property
    def is_loaded(self) -> bool:
        return "urlconf_module" in self.__dict__


def later(route: str, module: str) -> URLResolver:
    return Later(RoutePattern(route, is_endpoint=False), module)
