"""A real Dovecot on this machine, with mailboxes of its own in a folder that goes with it."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from careline.kit.postgres.server import free_port
from tests.channels.email.servers import certificate

PASSWORD = "pässword"
# Of a loaded machine; here it takes a third of a second.
PATIENCE = 120.0
_PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {inner}
default_internal_group = {inner_group}
default_login_user = {login}
default_vsz_limit = 256M
first_valid_uid = 1
mail_uid = {mail}
mail_gid = {mail_group}
mail_home = {folder}/mail/%u
mail_location = maildir:~/box
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
imap_idle_notify_interval = 1 s
mailbox_list_index = no
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = {ssl}
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
{tokens}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
{folders}}}
{more}
"""


# Who a token is of is asked by HTTP (RFC 7662), as servers with OAuth do.
_TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2
}}
"""
_ASKING = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """Ports, mailboxes, and a way to put mail into them without asking the server."""

    def __init__(
        self, folder: Path, *, introspection: str = "", ssl: str = "yes", folders: Mapping[str, str] | None = None,
        more: str = "",
    ) -> None:  # fmt: skip
        """`folders` and what they are for, as `\\\\Trash`; `more` stands at the end of its settings."""
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.authority, private = certificate("127.0.0.1")
        for name, content in {"cert.pem": self.authority, "key.pem": private}.items():
            (folder / name).write_text(content)
        for name in ("run", "state", "mail"):
            (folder / name).mkdir(exist_ok=True)
        root = os.getuid() == 0
        self._mail = pwd.getpwnam("nobody" if root else getpass.getuser())
        names = {"inner": "dovecot", "inner_group": "dovecot", "login": "dovenull"} if root else dict.fromkeys(
            ["inner", "login"], getpass.getuser()) | {"inner_group": _group(os.getgid())}  # fmt: skip
        (folder / "dovecot.conf").write_text(
            _CONFIG.format(
                folder=folder,
                ssl=ssl,
                port=self.port,
                tls_port=self.tls_port,
                mechanisms="plain login xoauth2" if introspection else "plain login",
                tokens=_TOKENS.format(folder=folder) if introspection else "",
                password=PASSWORD,
                folders="".join(
                    f'  mailbox "{name}" {{\n    special_use = {use}\n  }}\n' for name, use in (folders or {}).items()
                ),
                more=more,
                mail=self._mail.pw_name,
                mail_group=_group(self._mail.pw_gid),
                **names,
            )
        )
        (folder / "oauth2").write_text(_ASKING.format(url=introspection))
        if root:
            folder.chmod(0o755)
            self._owned(folder / "mail")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert _PROGRAM
        self._process = subprocess.Popen(
            [_PROGRAM, "-F", "-c", self.folder / "dovecot.conf"], stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        while True:  # it tells nobody that it listens
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as line:
                    if line.recv(10).startswith(b"* OK"):
                        return
            except OSError:
                pass
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Dovecot did not start: {self._said()}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            # Those who serve somebody would stay until he leaves.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None

    def mailbox(self, user: str) -> None:
        """A new one, empty; everybody has the same password."""
        self._made(self.folder / "mail" / user / "box")

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """As a delivery agent puts a mail into a Maildir, long ago if need be; the server notices by itself. A folder
        is named as it lies on the disk: levels parted by dots, letters beyond ASCII in IMAP's UTF-7."""
        box = self.folder / "mail" / user / "box"
        if folder != "INBOX":
            box = self._made(box / f".{folder}")
        name = f"{time.time_ns()}.{os.getpid()}.test"
        path = box / "tmp" / name
        path.write_bytes(raw)
        if at is not None:
            os.utime(path, (at.timestamp(), at.timestamp()))
        self._owned(path)
        path.rename(box / "new" / name)

    def count_anew(self, user: str) -> None:
        """The server loses its numbers: it gives the folder a new UIDVALIDITY."""
        box = self.folder / "mail" / user / "box"
        for path in box.glob("dovecot*"):
            # This one keeps the server from giving the same again within a second.
            if not path.name.startswith("dovecot-uidvalidity"):
                path.unlink()

    def _made(self, box: Path) -> Path:
        for name in ("new", "cur", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        for path in (box.parent, box, *box.iterdir()):
            self._owned(path)
        return box

    def _owned(self, path: Path) -> None:
        if os.getuid() == 0:
            shutil.chown(path, self._mail.pw_uid, self._mail.pw_gid)

    def _said(self) -> str:
        log = self.folder / "log"
        return log.read_text()[-2000:] if log.exists() else ""


@contextmanager
def dovecot(**options: Any) -> Iterator[Dovecot]:
    """Never skipped where a change is judged."""
    if _PROGRAM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("No Dovecot on this machine: .ci/run installs it.")
        pytest.skip("No Dovecot on this machine: apt-get install dovecot-imapd.")
    # Sockets of Dovecot need a short path.
    folder = Path(tempfile.mkdtemp(prefix="dove-", dir="/tmp"))
    server = Dovecot(folder, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _group(number: int) -> str:
    import grp

    return grp.getgrgid(number).gr_name
