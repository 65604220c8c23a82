"""Every room's reactions and jobs, found in one place and imported once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import careline

# A room's own words for "this runs by itself".
WORDS = ("reactions", "jobs")


def modules() -> list[str]:
    """Their names, also of rooms inside rooms; a module may have grown into a package."""
    root = Path(careline.__file__).parent
    found = [path for word in WORDS for path in [*root.rglob(f"{word}.py"), *root.rglob(f"{word}/__init__.py")]]
    names = {".".join(("careline", *path.relative_to(root).with_suffix("").parts)) for path in found}
    return sorted(name.removesuffix(".__init__") for name in names)


def discover() -> list[str]:
    """Imports them: subscribers and jobs enter themselves in their registers."""
    names = modules()
    for name in names:
        import_module(name)
    return names
