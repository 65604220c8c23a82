"""The folder of the installation from which files are brought that are too large to be uploaded."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit.refusals import NotVisible

FOLDER = "history"
MOST = 200


def folder() -> Path:
    return Path(settings.DATA) / FOLDER


def listed() -> list[str]:
    """What lies there, by name; nothing deeper, since a folder is brought whole."""
    try:
        names = sorted(one.name for one in folder().iterdir() if not one.name.startswith(".") and not one.is_symlink())
    except OSError:
        return []
    return names[:MOST]


def found(name: str) -> Path:
    """Only what is listed: nobody reads other files of the server by naming them."""
    if name not in listed():
        raise NotVisible(_("Nothing of this name lies in the folder for imports."))
    return folder() / name
