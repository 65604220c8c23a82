"""A disk that fills up under a running house: what cannot be kept is refused with a word, and nothing kept is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from typing_extensions import override

from tests import seeds
from tests.cli.conftest import make_empty
from tests.cli.places import Place, new_folder
from tests.faults import writers
from tests.faults.conftest import grows, waited_for
from tests.live.firm import Firm

# The database as it is made, what it writes ahead, and a little.
SIZE = 256 * 2**20
# A mount of its own that goes with its last process; without root in a user's own namespace, where a kernel allows it.
OWN = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"])]
DISK = f'mount -t tmpfs -o size={SIZE},mode=0711 careline "$0" && cp -a "$1/." "$0" && shift && exec "$@"'


def may_mount(folder: Path) -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = [*OWN, "sh", "-c", f"mount -t tmpfs -o size={SIZE} careline {folder}"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


class Disk(Place):
    """A house whose data folder is a disk of its own, which only its own processes see under its name."""

    seed = Path()

    @override
    def command(self, *words: str) -> list[str | Path]:
        return [*OWN, "sh", "-c", DISK, self.data, self.seed, *super().command(*words)]

    @property
    def inside(self) -> Path:
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.data}")

    def room(self) -> int:
        return shutil.disk_usage(self.inside).free

    def fill(self) -> None:
        with (self.inside / "filler").open("ab", buffering=0) as filler:
            for piece in (2**20, 4096):
                try:
                    while filler.write(b"x" * piece) == piece:
                        pass
                except OSError:
                    continue

    def clear(self) -> None:
        (self.inside / "filler").unlink()

    def url_of_database(self) -> str:
        password, port = ((self.inside / "postgres" / name).read_text().strip() for name in ("password", "port"))
        return f"postgresql://careline:{password}@127.0.0.1:{port}/careline"


@pytest.fixture
def disk() -> Iterator[Disk]:
    place = Disk(new_folder(seeds.run_folder()))
    place.data.mkdir()
    if not may_mount(place.data):
        word = "A small disk cannot be mounted here: neither as root nor in a namespace of one's own."
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(word)
        pytest.skip(word)
    place.seed = seeds.once("empty", make_empty) / "data"
    try:
        yield place.up()
    finally:
        # Shown when it did not go well.
        if place.process is not None and place.process.poll() is None:
            print(place.tail(), *(place.inside / "postgres" / "log").read_text().splitlines()[-40:], sep="\n")
        place.kill()
        shutil.rmtree(place.folder, ignore_errors=True)


def refused_anew(people: list[writers.Writer], disk: Disk) -> Callable[[], bool]:
    """True once every program was refused, however often a little room was found again."""
    aim = {writer: len(writer.refused) + 1 for writer in people if isinstance(writer, writers.Program)}

    def refused() -> bool:
        disk.fill()
        return all(len(writer.refused) >= wanted for writer, wanted in aim.items())

    return refused


@pytest.mark.long
def test_a_full_disk_is_told_and_nothing_is_lost(disk: Disk):
    firm = Firm(disk)
    people = writers.begin(firm, 2, visitors=1)
    waited_for(grows(people, 5))
    begun = people[0].conversation

    waited_for(refused_anew(people, disk))
    assert any("507 There is no room left" in word for writer in people for word in writer.refused)
    file = {"file": ("long.txt", b"x" * 3_000_000, "text/plain")}
    upload = httpx.post(
        f"{disk.url}/api/v1/files", files=file, data={"conversation_id": begun}, verify=False, timeout=30,
        headers={"Authorization": f"Bearer {firm.owner.token}"},
    )  # fmt: skip
    assert (upload.status_code, upload.json()["code"]) == (507, "storage_full"), upload.text
    # What is there can be read, and the desk says why it takes no more.
    assert firm.owner.browser.get(f"/desk/{begun}").status_code == 200
    told = said_at_the_desk(firm, begun, disk)
    assert told.status_code == 507
    assert "There is no room left to store this. Nothing was written." in told.text

    disk.clear()
    waited_for(grows(people, 5))

    # Not even what is written ahead finds room: the database gives up, and comes back when there is some.
    waited_for(refused_anew(people, disk))
    give_up(disk)
    waited_for(refused_anew(people, disk))
    page = firm.owner.browser.get(f"/desk/{begun}", headers={"Accept": "text/html"})
    assert page.status_code in (200, 503)
    assert page.status_code == 200 or "The database does not answer just now." in page.text
    disk.clear()
    waited_for(grows(people, 5))
    writers.end(people)
    assert writers.check(people) > 45
    assert firm.owner.browser.get(f"/desk/{begun}").status_code == 200
    disk.stop()


def said_at_the_desk(firm: Firm, conversation: str, disk: Disk) -> httpx.Response:
    """Words too long for the room that a page of the database may have left."""
    for _try in range(200):
        disk.fill()
        told = firm.owner.send(f"/desk/{conversation}/messages", kind="note", body=os.urandom(20_000).hex())
        if told.status_code >= 500:
            break
    return told


def give_up(disk: Disk) -> None:
    """Turn the pages that are written ahead until there is none left to turn to."""
    url = disk.url_of_database()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        disk.fill()
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 100000))")
                connection.execute("SELECT pg_switch_wal()")
        except psycopg.errors.DiskFull:
            continue
        except psycopg.OperationalError:
            return
    raise AssertionError("the database never ran out of room")
