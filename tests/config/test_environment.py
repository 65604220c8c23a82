"""Settings are read once; what cannot be used is named in one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from careline.config import environment
from careline.config.environment import BadSetting

PRIVATE = "CARELINE_ALLOW_PRIVATE_HTTP"


@pytest.mark.parametrize(
    ("written", "is_set"), [(None, False), ("", False), ("0", False), ("false", False), ("1", True), ("True", True)]
)
def test_a_flag_is_one_or_nought(written, is_set):
    assert environment.flag(PRIVATE, {} if written is None else {PRIVATE: written}) is is_set


def test_anything_else_is_refused_by_name():
    with pytest.raises(BadSetting, match=rf"^{PRIVATE} must be 1 or 0\.$"):
        environment.flag(PRIVATE, {PRIVATE: "perhaps"})


@pytest.mark.parametrize(("written", "said"), [("1", "True"), ("", "False")])
def test_the_private_network_is_opened_by_the_environment_alone(written, said, tmp_path):
    asked = "from django.conf import settings; print(settings.CARELINE_ALLOW_PRIVATE_HTTP)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "careline.config.settings", "CARELINE_DATA": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", asked], env=env | {PRIVATE: written}, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == said


@pytest.mark.parametrize("value", ["800MB", "2GB", "1 GiB", "64mb"])
def test_an_amount_of_memory_is_taken_as_it_is_written(value):
    assert environment.memory("DUCKDB_MEMORY", {"DUCKDB_MEMORY": value}) == value


@pytest.mark.parametrize("value", ["plenty", "0MB", "12", "1.5GB", "-1GB", "1GB; ATTACH 'x'"])
def test_an_amount_of_memory_that_is_none_is_refused(value):
    with pytest.raises(BadSetting, match="DUCKDB_MEMORY must be an amount of memory"):
        environment.memory("DUCKDB_MEMORY", {"DUCKDB_MEMORY": value})


def test_without_a_word_analysis_takes_a_part_of_the_machine():
    amount = environment.memory("DUCKDB_MEMORY", {})
    assert amount.endswith("MB")
    assert 128 <= int(amount[:-2]) <= 1000


def refused(reading, name, value):
    with pytest.raises(BadSetting) as told:
        reading({name: value})
    assert name in str(told.value)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_every_parameter_of_the_database_reaches_the_driver():
    url = "postgresql://u:p%40s@db.example:77/na%20me?sslmode=require&connect_timeout=3&sslrootcert=%2Fca.pem"
    found = environment.database(url)
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "na me", "u", "p@s", "db.example", "77",
    ]  # fmt: skip
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert {name: options[name] for name in ("sslmode", "connect_timeout", "sslrootcert")} == {
        "sslmode": "require", "connect_timeout": "3", "sslrootcert": "/ca.pem",
    }  # fmt: skip


def test_options_given_with_the_database_stand_beside_ours():
    found = environment.database("postgresql://h/x?options=-c%20statement_timeout%3D5s%20-c%20timezone%3DAsia/Tokyo")
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert options["options"].startswith("-c statement_timeout=5s ")
    assert options["options"].index("Tokyo") < options["options"].index("timezone=UTC")


def test_a_socket_and_several_hosts_are_read_as_the_raw_doors_read_them():
    assert environment.database("postgresql:///x?host=/run/pg")["HOST"] == "/run/pg"
    several = environment.database("postgres://one:1,two:2/x?target_session_attrs=any")
    assert (several["HOST"], several["PORT"]) == ("one,two", "1,2")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:geheim@[::1/x", "must look like"),
        ("postgresql://u:geheim@h:abc/x", "must look like"),
        ("postgresql://u:geheim@h:0/x", "must look like"),
        ("postgresql://u:geheim@h:65536/x", "must look like"),
        ("postgresql://u:geheim@h", "must look like"),
        ("postgresql://u:geheim%ff@h/x", "must look like"),
        ("postgresql://u:geheim@h/x?sslmode", "must look like"),
        ("postgresql://u:geheim@h/x?sslmode=require&x=y", "'x'"),
        ("postgresql://u:geheim@h/x?sslmode=maybe", "verify-full"),
        ("postgresql://u:geheim@h/x?connect_timeout=soon", "connect_timeout"),
        ("postgresql://u:geheim@h/x?client_encoding=latin1", "client_encoding"),
    ],
)
def test_a_database_that_cannot_be_read_is_refused_without_its_password(url, said):
    told = refused(lambda env: environment.database(env["DATABASE_URL"]), "DATABASE_URL", url)
    assert said in told
    assert "geheim" not in told


@pytest.mark.parametrize(
    ("reading", "name", "values"),
    [
        (environment.redis_url, "REDIS_URL", [
            "redis://127.0.0.1:6379/0", "rediss://u:p%40@h", "valkey://h:1/", "unix:///run/redis.sock?db=1",
        ]),
        (environment.email_url, "EMAIL_URL", [
            "smtp://u:p%40@h:587", "smtps://h", "smtp://h?tls=1&from=Care%20%3Ca@b.example%3E", "file:///a%20b",
            "console://", "memory://", "smtp://[::1]:25",
        ]),
        (environment.storage_url, "STORAGE_URL", ["file:///srv/files", "file:///a%20b"]),
        (environment.base_url, "CARELINE_BASE_URL", ["http://a:65535", "https://care.example.com", "http://[::1]:80"]),
    ],
)  # fmt: skip
def test_addresses_are_taken_as_they_are_written(reading, name, values):
    assert [reading({name: value}) for value in values] == values


@pytest.mark.parametrize(
    ("reading", "name", "values"),
    [
        (environment.redis_url, "REDIS_URL", [
            "redis://127.0.0.1:abc", "redis://h:99999", "redis://h:0", "redis://", "redis://[::1", "redis://h/first",
            "redis:h", "unix://run/redis.sock", "unix://", "redis://h h",
        ]),
        (environment.email_url, "EMAIL_URL", [
            "smtp://h:abc", "smtp://", "smtps://:465", "smtp://[h", "smtp://h/path", "smtp://h?tls=yes",
            "smtp://h?form=a@b.example", "smtp://h?from=nobody", "file://rel/x", "file://", "file:x",
        ]),
        (environment.storage_url, "STORAGE_URL", [
            "file://rel/x", "file://", "file:///x?y", "file:///x#y", "file://[x", "file:///%00", "/srv/files",
        ]),
        (environment.base_url, "CARELINE_BASE_URL", [
            "http://a:99999", "http://a:0", "http://a:b", "http://[::1", "http://", "ftp://a", "http://u@a",
            "http://a b",
        ]),
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_refused(reading, name, values):
    for value in values:
        refused(reading, name, value)


def test_without_a_word_mail_is_written_down_and_files_lie_in_the_data_folder(tmp_path):
    assert environment.redis_url({}) is None
    assert environment.email_url({}) == "console://"
    assert environment.storage_url({"CARELINE_DATA": str(tmp_path)}) == f"file://{tmp_path}/files"


@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5", "257", "٣", "9999999999"])
def test_threads_are_counted_in_whole_numbers(value):
    refused(lambda env: environment.number("CARELINE_THREADS", 6, 256, env), "CARELINE_THREADS", value)


def test_threads_are_as_many_as_are_named():
    assert environment.number("CARELINE_THREADS", 6, 256, {}) == 6
    assert environment.number("CARELINE_THREADS", 6, 256, {"CARELINE_THREADS": "12"}) == 12


def test_proxies_are_addresses_and_networks():
    name = "CARELINE_TRUSTED_PROXIES"
    given = {name: "127.0.0.1, 10.1.2.3/8, ::1,"}
    assert environment.networks(name, given) == ["127.0.0.1", "10.0.0.0/8", "::1"]
    for value in ("zzz", "proxy.example.com", "10.0.0.1,zzz", "10.0.0.0/99", "*"):
        refused(lambda env: environment.networks(name, env), name, value)


def test_a_data_folder_of_nobody_is_refused():
    refused(environment.data_folder, "CARELINE_DATA", "~nobody-has-this-name/x")


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ("127.0.0.1:2525", ("127.0.0.1", 2525)),
        (" mail.example.com:25 ", ("mail.example.com", 25)),
        ("[::1]:24", ("::1", 24)),
        ("", None),
    ],
)
def test_a_listener_has_a_host_and_a_port(value, means):
    assert environment.listen("CARELINE_SMTP_LISTEN", {"CARELINE_SMTP_LISTEN": value}) == means


@pytest.mark.parametrize(
    "value", ["2525", ":25", "host:", "host:0", "host:99999", "::1:25", "smtp://host:25", "a b:25"]
)
def test_a_listener_that_cannot_be_is_refused(value):
    refused(lambda env: environment.listen("CARELINE_LMTP_LISTEN", env), "CARELINE_LMTP_LISTEN", value)


def test_a_certificate_and_its_key_belong_together(tmp_path):
    pem = tmp_path / "mail.pem"
    pem.write_text("x")
    name = "CARELINE_SMTP_CERTIFICATE"
    assert environment.file(name, {}) is None
    assert environment.file(name, {name: str(pem)}) == str(pem)
    for wrong in (tmp_path, tmp_path / "none.pem"):
        refused(lambda env: environment.file(name, env), name, str(wrong))
    assert environment.pair(None, None) is None
    assert environment.pair("a", "b") == ("a", "b")
    for half in (("a", None), (None, "b")):
        with pytest.raises(BadSetting, match="CARELINE_SMTP_KEY"):
            environment.pair(*half)


def test_a_language_model_has_an_address_and_a_name():
    named = {"CARELINE_LLM_URL": "http://127.0.0.1:11434/v1/", "CARELINE_LLM_MODEL": " small "}
    assert environment.language_model(named) == {"url": "http://127.0.0.1:11434/v1", "model": "small", "key": "none"}
    assert environment.language_model(named | {"CARELINE_LLM_KEY": "sesame"})["key"] == "sesame"
    assert environment.language_model({}) == environment.language_model({"CARELINE_LLM_MODEL": "small"}) == {}
    with pytest.raises(BadSetting, match="CARELINE_LLM_MODEL"):
        environment.language_model({"CARELINE_LLM_URL": "http://127.0.0.1:11434/v1"})
    with pytest.raises(BadSetting, match="CARELINE_LLM_URL"):
        environment.language_model({"CARELINE_LLM_URL": "localhost:11434", "CARELINE_LLM_MODEL": "small"})
