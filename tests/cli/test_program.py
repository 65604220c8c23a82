"""The program itself: quick to help, one line for what is wrong, 1 for could not, 2 for asked wrongly."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from careline.cli import program
from tests.cli.places import Place
from tests.house import PROGRAM, environment

NewPlace = Callable[[], Place]


def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    folder = Path(os.environ["CARELINE_TEST_RUN"]) / "nowhere"
    return subprocess.run(
        [PROGRAM, *words], env=environment(folder, None) | env, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]):
    assert program.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert [name for name in program.COMMANDS if f"\n  {name}" not in told] == []
    assert program.main([]) == 2


@pytest.mark.parametrize("name", program.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        program.main([name, "--help"])
    assert ended.value.code == 0
    assert f"usage: careline {name}" in capsys.readouterr().out


def test_asking_for_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from careline.cli.program import COMMANDS, main\n"
        "main(['--help'])\n"
        "for name in COMMANDS:\n"
        "    try: main([name, '--help'])\n"
        "    except SystemExit: pass\n"
        "print(sorted({'django', 'psycopg', 'uvicorn', 'tqdm'} & set(sys.modules)), file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stderr == "[]\n"


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]):
    assert program.main(["dance"]) == 2
    assert capsys.readouterr().err == "There is no command “dance”; careline --help lists them.\n"


# Read while Django is set up, before it, and by the command itself; what each setting may say: tests/config.
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@[::1/x"),
        ("CARELINE_SECRET_KEY", "short"),
        ("CARELINE_THREADS", "abc"),
        ("PORT", "http"),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (
                ("DATABASE_URL", "mysql://root@localhost/careline"),
                ("EMAIL_URL", "smtp://h:abc"),
                ("CARELINE_BASE_URL", "http://a:99999"),
                ("REDIS_URL", "redis://127.0.0.1:abc"),
                ("STORAGE_URL", "file://rel/x"),
                ("CARELINE_TRUSTED_PROXIES", "zzz"),
                ("DUCKDB_MEMORY", "plenty"),
            )
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(name: str, value: str):
    told = run("serve", **({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"} | {name: value}))
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1
    assert (name if name != "PORT" else "The port must be a number") in told.stderr


@pytest.mark.parametrize("command", ["serve", "work"])
def test_several_machines_need_one_database(command: str):
    told = run(command)
    assert told.returncode == 1
    assert told.stderr.startswith("DATABASE_URL is not set")
    assert told.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_told_in_one_line():
    told = run("export", "ada", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert told.returncode == 1
    assert told.stderr.startswith("The database cannot be reached: ")
    assert told.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_told_before_anything_is_started(new_place: NewPlace):
    place = new_place()
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.port))
        other.listen()
        told = place.run("up", "--port", str(place.port))
    assert told.returncode == 1
    assert told.stderr == (
        f"Port {place.port} on 127.0.0.1 is taken: stop what runs there or choose another with --port.\n"
    )
    assert not (place.data / "postgres").exists()


def test_a_folder_of_another_postgresql_is_refused_in_one_line(new_place: NewPlace):
    place = new_place()
    (place.data / "postgres" / "data").mkdir(parents=True)
    (place.data / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    told = place.run("up", "--port", str(place.port))
    (place.data / "postgres" / "data" / "PG_VERSION").unlink()
    (place.data / "postgres" / "data").rmdir()
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "PostgreSQL 14" in told.stderr
    assert "careline backup" in told.stderr


def test_an_unknown_bench_is_refused(capsys: pytest.CaptureFixture[str]):
    assert program.main(["bench", "luck"]) == 1
    assert "There is no bench 'luck'" in capsys.readouterr().err
