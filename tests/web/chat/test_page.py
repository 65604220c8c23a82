"""The chat as a page of its own."""

from __future__ import annotations

import re

import pytest

from careline.channels.models import Inbox


@pytest.mark.parametrize("title", ["Harbor Goods", "Tove & Sons", "متجر"])
def test_the_greeting_has_the_face_that_stands_above_it(client, inbox, title):
    Inbox.objects.filter(pk=inbox.pk).update(settings={"title": title, "greeting": "Hello, how can we help?"})
    html = client.get(f"/chat/{inbox.key}").content.decode()
    faces = re.findall(r'<span class="face [^>]*>[^<]*</span>', html)
    assert len(faces) == 2
    assert len(set(faces)) == 1
