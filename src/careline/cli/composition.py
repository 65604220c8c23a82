"""What the composition root knows, asked for by name, since it stands above the program."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

SETTINGS = "careline.config.settings"
APPLICATION = "careline.config.asgi:application"


def _environment() -> Any:
    return importlib.import_module("careline.config.environment")


def data_folder() -> Path:
    folder: Path = _environment().data_folder()
    return folder


def memory() -> str:
    """How much analysis may take, without an installation to ask."""
    amount: str = _environment().memory("DUCKDB_MEMORY")
    return amount


def is_bad_setting(error: BaseException) -> bool:
    return isinstance(error, _environment().BadSetting)


def without_house() -> None:
    """For what needs no installation, and so no settings of one: its sentences stay as they are written."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def load() -> None:
    """Settings, rooms and logs; a setting that cannot be used is told here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    importlib.import_module("careline.config.logs").configure()
    django.setup()
