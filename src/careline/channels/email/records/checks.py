"""The three records that decide whether a domain's mail arrives: what each says, and what to publish instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Literal

from django.utils.translation import gettext as _

from careline.channels.email import dkim
from careline.channels.email.records import spf
from careline.channels.email.records.asking import Asker, NoAnswer
from careline.channels.email.writing import domains
from careline.channels.guiding import Finding

Record = Literal["spf", "dkim", "dmarc"]
State = Literal["good", "weak", "wrong", "missing", "unknown"]
# Servers of large providers send from other addresses than they are reached at: what their customers include.
_PROVIDERS = {
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
    "amazonaws.com": "amazonses.com",
    "sendgrid.net": "sendgrid.net",
    "mailgun.org": "mailgun.org",
    "zoho.com": "zohomail.com",
    "fastmail.com": "spf.messagingengine.com",
    "mailjet.com": "spf.mailjet.com",
}  # fmt: skip
_ALL = re.compile(r"(?<=\s)\+?all(?=\s|$)", re.IGNORECASE)
_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*)", re.IGNORECASE)


def checked(domain: str, asker: Asker, *, host: str = "", key: dkim.Key | None = None) -> list[Finding]:
    """`host` is the mail server the mailbox sends by; `key` signs its mails. Asks some twenty questions at most."""
    domain = domains.ascii_domain(domain)
    checks: list[tuple[Record, Callable[[], Finding]]] = [("spf", partial(_spf, domain, host, asker))]
    if key is not None:
        checks.append(("dkim", partial(_dkim, key, asker)))
    checks.append(("dmarc", partial(_dmarc, domain, asker)))
    findings: list[Finding] = []
    for record, check in checks:
        try:
            findings.append(check())
        except NoAnswer as silence:
            findings.append(Finding(record=record, state="unknown", words=str(silence)))
    return findings


def _spf(domain: str, host: str, asker: Asker) -> Finding:
    standing = spf.records(asker.texts(domain))
    wanted = _provider(host)
    own = f"include:{wanted}" if wanted else f"a:{host}" if host else "mx"
    if not standing:
        words = _("%(domain)s has no SPF record: nobody can tell which servers may send in its name.")
        return _found("spf", "missing", words, domain, f"v=spf1 {own} ~all")
    shown = standing[0]
    if len(standing) > 1:
        words = _("%(domain)s has several SPF records, which counts as none. Keep one of them.")
        return _found("spf", "wrong", words, domain, _with(shown, own), "\n".join(standing))
    read = spf.read(domain, [] if wanted or not host else asker.addresses(host), asker)
    if read.lookups > spf.MOST_LOOKUPS:
        words = _("The SPF record of %(domain)s asks more than ten questions, which counts as none.")
        return _found("spf", "wrong", words, domain, "", shown)
    if read.wrong:
        words = _("The SPF record of %(domain)s cannot be read at “%(wrong)s”.")
        return _found("spf", "wrong", words, domain, "", shown, wrong=read.wrong)
    if read.rest == "+":
        words = _("The SPF record of %(domain)s lets everybody send in its name (+all).")
        return _found("spf", "wrong", words, domain, _ALL.sub("~all", shown), shown)
    if wanted in read.included or (not wanted and (not host or read.result == "pass")):
        return _found("spf", "good", _("The SPF record of %(domain)s names your mail server."), domain, "", shown)
    words = _("The SPF record of %(domain)s does not name %(host)s, so mails from there may end up as spam.")
    return _found("spf", "wrong", words, domain, _with(shown, own), shown, host=host)


def _with(record: str, own: str) -> str:
    """The record as it stands, with one more allowed."""
    first, _space, rest = record.partition(" ")
    return f"{first} {own} {rest or '~all'}"


def _provider(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    return _PROVIDERS.get(".".join(labels[-2:]), "")


def _dkim(key: dkim.Key, asker: Asker) -> Finding:
    name, value = dkim.record(key)
    texts = asker.texts(name)
    if not texts:
        words = _("The key that signs your mails is not published yet; unsigned mails are often taken for spam.")
        return _found("dkim", "missing", words, key.domain, value, name=name)
    tags = _tags(texts[0])
    shown = texts[0]
    published = "".join(tags.get("p", "").split())
    if len(texts) > 1:
        words = _("There are several records at %(name)s, which counts as none. Keep one of them.")
        return _found("dkim", "wrong", words, key.domain, value, "\n".join(texts), name=name)
    if not published:
        words = _("The record at %(name)s says that this key is no longer valid.")
        return _found("dkim", "wrong", words, key.domain, value, shown, name=name)
    if published != key.public:
        words = _("The record at %(name)s holds another key than the one that signs your mails; was it cut off?")
        return _found("dkim", "wrong", words, key.domain, value, shown, name=name)
    if "y" in tags.get("t", "").lower().split(":"):
        words = _("The key is published, but marked as a test (t=y), so that signatures count for nothing.")
        return _found("dkim", "weak", words, key.domain, value, shown, name=name)
    return _found("dkim", "good", _("The key that signs your mails is published."), key.domain, "", shown, name=name)


def _dmarc(domain: str, asker: Asker) -> Finding:
    """At the domain itself, else at those above it, as receivers look for it."""
    wished = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    labels = domain.split(".")
    for depth in range(min(len(labels) - 1, 5)):
        above = ".".join(labels[depth:])
        name = f"_dmarc.{above}"
        standing = [one for one in asker.texts(name) if one.replace(" ", "").lower().startswith("v=dmarc1")]
        if not standing:
            continue
        shown = "\n".join(standing)
        if len(standing) > 1:
            words = _("There are several records at %(name)s, which counts as none. Keep one of them.")
            return _found("dmarc", "wrong", words, domain, standing[0], shown, name=name)
        tags = _tags(shown)
        policy = (tags.get("sp") if depth else None) or tags.get("p", "")
        if policy.lower() not in {"none", "quarantine", "reject"}:
            words = _("The DMARC record at %(name)s names no policy that exists.")
            return _found("dmarc", "wrong", words, domain, wished, shown, name=name)
        if policy.lower() == "none":
            words = _("The DMARC record of %(domain)s only watches (p=none). That is enough for your mails to arrive.")
            return _found("dmarc", "good", words, domain, "", shown, name=name)
        words = _("The DMARC record of %(domain)s keeps others from writing in its name.")
        return _found("dmarc", "good", words, domain, "", shown, name=name)
    words = _("%(domain)s has no DMARC record; Gmail and others ask for one from whoever sends much.")
    return _found("dmarc", "missing", words, domain, wished, name=f"_dmarc.{domain}")


def _tags(record: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in record.split(";"):
        if (match := _TAG.match(piece)) is not None:
            found.setdefault(match[1].lower(), match[2].strip())
    return found


def _found(
    record: Record,
    state: State,
    words: str,
    domain: str,
    publish: str,
    found: str = "",
    *,
    name: str = "",
    **more: str,
) -> Finding:
    name = name or domain
    said = words % {"domain": domain, "name": name, **more}
    return Finding(record=record, state=state, words=said, name=name, publish=publish, found=found)
