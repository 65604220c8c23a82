"""The forms of a page as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from typing_extensions import override

Form = dict[str, list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = self.area = ""
        self.options: list[tuple[str, bool]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.form = {}
            self.forms.append(self.form)
        elif tag == "option":
            self.options.append((given.get("value") or "", "selected" in given))
        elif self.form is not None and (name := given.get("name")):
            values = self.form.setdefault(name, [])
            if tag == "select":
                self.select, self.options = name, []
            elif tag == "textarea":
                self.area = name
                values.append("")
            elif given.get("type") != "checkbox" or "checked" in given:
                values.append(given.get("value") or "")

    @override
    def handle_data(self, data: str) -> None:
        if self.form is not None and self.area:
            self.form[self.area][-1] += data

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.form is not None:
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            self.form[self.select] += chosen
        elif tag == "textarea":
            self.area = ""


def form(html: str, what: str, **row: Any) -> Form:
    """The one form of a page that does `what`, to this row."""
    read = _Forms()
    read.feed(html)
    wanted = {name: str(value) for name, value in {"what": what, **row}.items()}
    [found] = [one for one in read.forms if all(value in one.get(name, []) for name, value in wanted.items())]
    return found
