"""What every test may ask for: a real PostgreSQL, the fixed cast, a running house and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests import leftovers, seeds
from tests.seeds import RUN

pytest_plugins = ["tests.cast", "tests.browser", "tests.house"]


def pytest_configure(config: pytest.Config) -> None:
    """Stands before Django: the settings are read here for the first time, once their values are known."""
    if config.option.help or config.option.version:
        return
    # Whoever has the extra installed runs the same suite; its own tests switch it on.
    os.environ["CARELINE_MULTILINGUAL"] = "0"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        # A run that is told to end still puts its server and folder away.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        leftovers.stop_servers()
        folder = leftovers.new_folder()
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ[RUN] = str(folder)
        if not os.environ.get("DATABASE_URL"):
            from careline.kit.postgres import Cluster

            cluster = Cluster(folder / "postgres", durable=False)
            os.environ["DATABASE_URL"] = cluster.start()
            config.add_cleanup(cluster.stop)
        else:
            leftovers.drop_databases(os.environ["DATABASE_URL"])
            config.add_cleanup(lambda: leftovers.drop_template(os.environ["DATABASE_URL"], os.getpid()))
    # The same examples in every run, however long each of them takes here.
    hypothesis.settings.register_profile(
        "house", deadline=None, derandomize=True, database=None, max_examples=60,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )  # fmt: skip
    hypothesis.settings.load_profile("house")
    data = Path(os.environ[RUN]) / (worker or "main")
    data.mkdir(exist_ok=True)
    os.environ["CARELINE_DATA"] = str(data)
    os.environ["CARELINE_SECRET_KEY"] = "a key for tests alone, longer than 32 characters"
    os.environ["EMAIL_URL"] = "memory://"
    os.environ["AIOSMTPD_CONTROLLER_TIMEOUT"] = "60"
    os.environ["DJANGO_SETTINGS_MODULE"] = "careline.config.settings"
    for name in ("CARELINE_BASE_URL", "CARELINE_ALLOWED_HOSTS", "CARELINE_TRUSTED_PROXIES", "REDIS_URL", "STORAGE_URL"):
        os.environ.pop(name, None)

    from django.conf import settings

    # Argon2 is slow by design, and many sign in here; houses that run by themselves, and the tests of it, keep to it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    controller = os.getpid() if worker is None else os.getppid()
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{leftovers.MACHINE}_{controller}"
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = leftovers.template_name(controller)
    if worker is None and config.getoption("numprocesses", None):
        # Workers inherit this environment, and Django would be set up in them before they stand here.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """What was packed holds the second it was packed in, and all workers must call a case by one name."""
    return argname if isinstance(val, bytes) and not (val.isascii() and len(val) < 40) else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    deadline = os.environ.get("CARELINE_TEST_DEADLINE")
    if deadline and time.time() > float(deadline):
        pytest.skip("No time was left for this one; `make test-15` and `make test-long` have no deadline of their own.")


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated database nobody is connected to."""
    return seeds.template(server_url)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, template: str) -> None:
    """The copy is there before Django makes its own of it."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The test database, known to everything that opens connections of its own beside Django's."""
    from django.conf import settings
    from django.db import connection
    from django.test import TransactionTestCase

    from tests import reset

    name = connection.settings_dict["NAME"]
    settings.DATABASE_URL = with_database(os.environ["DATABASE_URL"], name)
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Subscribers are enrolled by the tests that have some.
            cursor.execute("DELETE FROM touchpoints_cursor")
        reset.remember()
    TransactionTestCase._fixture_teardown = lambda _case: reset.restore()  # type: ignore[method-assign]
    yield settings.DATABASE_URL
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
            [name, connection.connection.info.backend_pid if connection.connection else 0],
        )


@pytest.fixture
def database_url(transactional_db: None, django_db_setup: str) -> str:
    """The address of the test database, for code that connects by itself and sees only what is committed."""
    return django_db_setup


@pytest.fixture(scope="session")
def server_url() -> str:
    """The PostgreSQL of this run; a test that needs a database of its own makes one here."""
    return os.environ["DATABASE_URL"]
