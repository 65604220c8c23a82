"""Which migrations this version has and which the database has, by name alone: Django's own answer loads every one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

Name = tuple[str, str]
APPLIED = "SELECT app, name FROM django_migrations"


@cache
def on_disk() -> frozenset[Name]:
    """(label of the app, name of the migration)."""
    found = set()
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.migrations") is None:
            continue
        package = import_module(f"{config.name}.migrations")
        found |= {
            (config.label, module.name)
            for module in pkgutil.iter_modules(package.__path__)
            if not module.ispkg and module.name[0] not in "_~"
        }
    return frozenset(found)


def applied() -> frozenset[Name]:
    """Nothing on a database that was never migrated."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not (cursor.fetchone() or [False])[0]:
            return frozenset()
        cursor.execute(APPLIED)
        return frozenset(cursor.fetchall())


def missing(there: frozenset[Name]) -> list[str]:
    """What has still to be applied, as "app.name"."""
    return sorted(f"{app}.{name}" for app, name in on_disk() - there)


def unknown(there: frozenset[Name]) -> list[str]:
    """What a newer version has applied: this one may not understand the rows."""
    ours = {app for app, _name in on_disk()}
    return sorted(f"{app}.{name}" for app, name in there - on_disk() if app in ours)
