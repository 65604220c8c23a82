"""Every adapter there is, through the suite."""

from __future__ import annotations

from pathlib import Path

from careline.channels import adapter
from tests.channels.adapter_suite import AdapterSuite


class TestAdapters(AdapterSuite):
    pass


def test_every_folder_with_an_adapter_is_found() -> None:
    folder = Path(adapter.__file__).parent
    assert sorted(adapter.adapters()) == sorted(found.parent.name for found in folder.glob("*/adapter.py"))


def test_a_kind_is_entered_once() -> None:
    import pytest

    with pytest.raises(ValueError, match="webchat"):
        adapter.register(adapter.of("webchat"))
