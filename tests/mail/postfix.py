"""A real Postfix of a test's own: its configuration, queue, port and log lie in one folder, and end with it."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from careline.kit.postgres.server import free_port

PROGRAM = "/usr/sbin/postfix"
# Of a loaded machine.
PATIENCE = 120.0
# Each line is a program of Postfix that this one may start; none of them in a chroot, so that the folder is enough.
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
SETTINGS = """\
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
queue_directory = {folder}/queue
data_directory = {folder}/lib
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
myhostname = postfix.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
relay_domains = {domains}
transport_maps = inline:{{ {routes} }}
default_transport = error:5.1.2 no way leads there
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_host_lookup = native
message_size_limit = 45000000
minimal_backoff_time = 2s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
"""


def why_not() -> str:
    """What keeps a Postfix from being started here; empty when nothing does."""
    if not os.access(PROGRAM, os.X_OK):
        return "Postfix is not installed: apt-get install postfix, as .ci/run does."
    return "" if os.geteuid() == 0 else "Postfix is started by root alone."


class Postfix:
    """It takes everything from this machine at its port, and brings it where the routes say."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def send(self, sender: str, recipients: list[str], raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
            client.sendmail(sender, recipients, raw)

    @property
    def log(self) -> str:
        return (self.folder / "mail.log").read_text(errors="replace")

    def until_logged(self, words: str, *, patience: float = PATIENCE) -> str:
        """The line of the log that holds the words."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for line in self.log.splitlines():
                if words in line:
                    return line
            time.sleep(0.05)
        raise AssertionError(f"Postfix never said {words!r}:\n{self.log[-3000:]}")


@contextmanager
def serving(routes: Mapping[str, str]) -> Iterator[Postfix]:
    """`routes`: a domain and where its mail goes, as Postfix writes it: `lmtp:inet:127.0.0.1:2400`."""
    missing = why_not()
    if missing:
        # Whoever decides whether a change is taken has them installed.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    # Its users must be able to walk to the folder, which those of pytest do not allow.
    folder = Path(tempfile.mkdtemp(prefix="careline-postfix-"))
    master: subprocess.Popen[bytes] | None = None
    try:
        port = _laid_out(folder, routes)
        subprocess.run([PROGRAM, "-c", str(folder), "check"], check=True, capture_output=True, timeout=30)
        with (folder / "said").open("wb") as said:
            master = subprocess.Popen(
                ["/usr/lib/postfix/sbin/master", "-c", str(folder), "-d"], stdout=said, stderr=said,
                env={"MAIL_CONFIG": str(folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, start_new_session=True,
            )  # fmt: skip
        postfix = Postfix(folder, port)
        _ready(postfix, master)
        yield postfix
    finally:
        if master is not None and master.poll() is None:
            os.killpg(master.pid, signal.SIGTERM)
            try:
                master.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(master.pid, signal.SIGKILL)
                master.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _laid_out(folder: Path, routes: Mapping[str, str]) -> int:
    folder.chmod(0o755)
    for name in ("queue", "lib"):
        (folder / name).mkdir()
    shutil.chown(folder / "lib", "postfix")
    port = free_port()
    written = ", ".join(f"{{ {domain} = {route} }}" for domain, route in routes.items())
    (folder / "main.cf").write_text(SETTINGS.format(folder=folder, domains=", ".join(routes), routes=written))
    (folder / "master.cf").write_text(SERVICES.format(port=port))
    (folder / "mail.log").touch()
    return port


def _ready(postfix: Postfix, master: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and master.poll() is None:
        try:
            with smtplib.SMTP("127.0.0.1", postfix.port, timeout=5):
                return
        except (OSError, smtplib.SMTPException):
            time.sleep(0.05)
    said = (postfix.folder / "said").read_text(errors="replace")
    raise AssertionError(f"Postfix did not start:\n{said}\n{postfix.log[-3000:]}")
