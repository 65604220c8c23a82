"""What of a page is the same for everybody is worked out once, when its template is compiled: words, marks, addresses.

A page has two hundred of them. There is one environment for each language, since words differ between languages and by
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from typing_extensions import override

# The names a template calls for words.
WORDS = frozenset({"_", "gettext"})


class Folding(Environment):
    """An environment for one language; `constant` are the globals that answer the same whenever they are asked."""

    language: str
    constant: Mapping[str, Callable[..., Any]]
    say: Callable[[str], Markup]

    @override
    def _generate(self, source: nodes.Template, *given: Any, **named: Any) -> str:
        with translation.override(self.language):
            folded = _Folder(self).visit(source)
        return super()._generate(folded, *given, **named)


class _Folder(NodeTransformer):
    def __init__(self, environment: Folding) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # the visitor finds it by this name
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name = node.node.name
        given = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if len(given) < len(node.args):
            return node
        if name in WORDS:
            return self._said(node, str(given[0]))
        make = self.environment.constant.get(name)
        named = {one.key: one.value.value for one in node.kwargs if isinstance(one.value, nodes.Const)}
        if make is None or len(named) < len(node.kwargs):
            return node
        return nodes.Const(make(*given, **named), lineno=node.lineno)

    def _said(self, node: nodes.Call, text: str) -> nodes.Node:
        """Words are a format in any case; names are put into it while the page is drawn."""
        if not node.kwargs:
            return nodes.Const(self.environment.say(text) % {}, lineno=node.lineno)
        names = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
        return nodes.Mod(nodes.Const(self.environment.say(text)), nodes.Dict(names), lineno=node.lineno)


class Pages(Jinja2):
    """Django's way to the templates, once for each language."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._params = params
        self._spoken: dict[str, Jinja2] = {}

    def now(self) -> Jinja2:
        """The engine of the language now spoken."""
        language = translation.get_language() or "en"
        return self._spoken.get(language) or self._spoken.setdefault(language, Jinja2(self._params))

    @override
    def from_string(self, template_code: str) -> Any:
        return self.now().from_string(template_code)

    @override
    def get_template(self, template_name: str) -> Any:
        return self.now().get_template(template_name)
