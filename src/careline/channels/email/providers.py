"""Where the mailboxes of the larger providers are, what they want to be signed in with, and where that is to be had."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Security = Literal["tls", "starttls"]
Way = tuple[str, int, Security]


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    # Behind the @. What ends in a dot stands for all its countries.
    domains: tuple[str, ...] = ()
    # How the names of its MX hosts end: of firms whose domain is their own.
    mail_hosts: tuple[str, ...] = ()
    # For receiving and for sending.
    servers: tuple[Way | None, Way | None] = (None, None)
    # own: the password of the account. app: one made for this program alone. consent: only its own door leads in.
    wants: Literal["own", "app", "consent"] = "own"
    # Where such a password is made, or IMAP switched on.
    page: str = ""
    # IMAP is off until somebody switches it on.
    switched_off: bool = False
    consent: Literal["", "google", "microsoft"] = ""

    @property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for way, place in zip(("imap", "smtp"), self.servers, strict=True):
            if place is not None:
                found |= {f"{way}_host": place[0], f"{way}_port": place[1], f"{way}_security": place[2]}
        return found | ({"sign_in": self.consent} if self.wants == "consent" and self.consent else {})


def _tls(imap: str, smtp: str = "") -> tuple[Way, Way]:
    return (imap, 993, "tls"), (smtp or imap, 465, "tls")


def _upgraded(imap: str, smtp: str) -> tuple[Way, Way]:
    return (imap, 993, "tls"), (smtp, 587, "starttls")


PROVIDERS = (
    Provider(
        name="Gmail", domains=("gmail.com", "googlemail.com"),
        mail_hosts=("google.com", "googlemail.com"), servers=_tls("imap.gmail.com", "smtp.gmail.com"),
        wants="app", page="https://myaccount.google.com/apppasswords", consent="google",
    ),
    Provider(
        name="Microsoft 365", domains=("outlook.", "hotmail.", "live.", "msn.com"),
        mail_hosts=("mail.protection.outlook.com", "olc.protection.outlook.com", "mx.microsoft"),
        servers=_upgraded("outlook.office365.com", "smtp.office365.com"), wants="consent", consent="microsoft",
    ),
    Provider(
        name="Yahoo", domains=("yahoo.", "ymail.com", "rocketmail.com", "myyahoo.com"), mail_hosts=("yahoodns.net",),
        servers=_tls("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        wants="app", page="https://login.yahoo.com/account/security",
    ),
    Provider(
        name="AOL", domains=("aol.", "aim.com"), servers=_tls("imap.aol.com", "smtp.aol.com"),
        wants="app", page="https://login.aol.com/account/security",
    ),
    Provider(
        name="iCloud", domains=("icloud.com", "me.com", "mac.com"), mail_hosts=("mail.icloud.com",),
        servers=_upgraded("imap.mail.me.com", "smtp.mail.me.com"), wants="app", page="https://account.apple.com/",
    ),
    Provider(
        name="Fastmail", domains=("fastmail.com", "fastmail.fm", "sent.com"), mail_hosts=("messagingengine.com",),
        servers=_tls("imap.fastmail.com", "smtp.fastmail.com"),
        wants="app", page="https://app.fastmail.com/settings/security",
    ),
    Provider(
        name="Zoho", domains=("zohomail.eu", "zoho.eu"), mail_hosts=("zoho.eu",),
        servers=_tls("imappro.zoho.eu", "smtppro.zoho.eu"), switched_off=True, page="https://mail.zoho.eu/zm/#settings",
    ),
    Provider(
        name="Zoho", domains=("zoho.com", "zohomail.com"), mail_hosts=("zoho.com",),
        servers=_tls("imappro.zoho.com", "smtppro.zoho.com"), switched_off=True, page="https://mail.zoho.com/zm/#settings",
    ),
    Provider(
        name="GMX", domains=("gmx.de", "gmx.net", "gmx.at", "gmx.ch"), mail_hosts=("gmx.net",),
        servers=_tls("imap.gmx.net", "mail.gmx.net"), switched_off=True, page="https://www.gmx.net/mail/",
    ),
    Provider(
        name="GMX", domains=("gmx.com", "gmx.us", "gmx.co.uk"),
        servers=_tls("imap.gmx.com", "mail.gmx.com"), switched_off=True, page="https://www.gmx.com/",
    ),
    Provider(
        name="WEB.DE", domains=("web.de",), mail_hosts=("web.de",),
        servers=_upgraded("imap.web.de", "smtp.web.de"), switched_off=True, page="https://web.de/email/",
    ),
    Provider(
        name="IONOS", mail_hosts=("ionos.de", "kundenserver.de"), servers=_tls("imap.ionos.de", "smtp.ionos.de"),
    ),
    Provider(name="IONOS", mail_hosts=("ionos.com", "1and1.com"), servers=_tls("imap.ionos.com", "smtp.ionos.com")),
    Provider(name="IONOS", mail_hosts=("ionos.co.uk",), servers=_tls("imap.ionos.co.uk", "smtp.ionos.co.uk")),
    Provider(
        name="mailbox.org", domains=("mailbox.org",), mail_hosts=("mailbox.org",),
        servers=_tls("imap.mailbox.org", "smtp.mailbox.org"),
    ),
    Provider(
        name="Infomaniak", domains=("ik.me", "etik.com", "ikmail.com"), mail_hosts=("infomaniak.ch", "infomaniak.com"),
        servers=_tls("mail.infomaniak.com"),
    ),
    Provider(name="Posteo", domains=("posteo.",), mail_hosts=("posteo.de",), servers=_tls("posteo.de")),
    Provider(name="OVHcloud", mail_hosts=("mail.ovh.net",), servers=_tls("ssl0.ovh.net")),
    Provider(name="Gandi", mail_hosts=("mail.gandi.net",), servers=_tls("mail.gandi.net")),
    Provider(name="STRATO", mail_hosts=("rzone.de",), servers=_tls("imap.strato.de", "smtp.strato.de")),
    Provider(name="Hetzner", mail_hosts=("your-server.de",), servers=_tls("mail.your-server.de")),
    Provider(
        name="T-Online", domains=("t-online.de", "magenta.de"), mail_hosts=("t-online.de",),
        servers=_tls("secureimap.t-online.de", "securesmtp.t-online.de"), wants="app",
        page="https://account.idm.telekom.com/account-manager/",
    ),
    Provider(name="Hostinger", mail_hosts=("hostinger.com",), servers=_tls("imap.hostinger.com", "smtp.hostinger.com")),
    Provider(
        name="Namecheap", mail_hosts=("privateemail.com",), servers=_tls("mail.privateemail.com"),
    ),
    Provider(name="Migadu", mail_hosts=("migadu.com",), servers=_tls("imap.migadu.com", "smtp.migadu.com")),
    Provider(name="Rackspace", mail_hosts=("emailsrvr.com",), servers=_tls("secure.emailsrvr.com")),
    Provider(
        name="GoDaddy", mail_hosts=("secureserver.net",),
        servers=_tls("imap.secureserver.net", "smtpout.secureserver.net"),
    ),
    Provider(name="Orange", domains=("orange.fr", "wanadoo.fr"), servers=_tls("imap.orange.fr", "smtp.orange.fr")),
    Provider(name="Free", domains=("free.fr",), servers=_tls("imap.free.fr", "smtp.free.fr")),
    Provider(
        name="Yandex", domains=("yandex.", "ya.ru"), mail_hosts=("yandex.net", "yandex.ru"),
        servers=_tls("imap.yandex.com", "smtp.yandex.com"), wants="app", switched_off=True, page="https://id.yandex.com/",
    ),
    Provider(
        name="Mail.ru", domains=("mail.ru", "inbox.ru", "bk.ru", "list.ru"), mail_hosts=("mail.ru",),
        servers=_tls("imap.mail.ru", "smtp.mail.ru"), wants="app", page="https://account.mail.ru/",
    ),
    # Nobody but their own programs is let in.
    Provider(
        name="Proton", domains=("proton.me", "protonmail.com", "pm.me"), mail_hosts=("protonmail.ch",), wants="consent",
    ),
    Provider(
        name="Tuta", domains=("tuta.com", "tutanota.com", "tutanota.de", "tuta.io"), mail_hosts=("tutanota.de",),
        wants="consent",
    ),
)  # fmt: skip


def of_domain(domain: str) -> Provider | None:
    return next((one for one in PROVIDERS if any(_is_at(domain, known) for known in one.domains)), None)


def of_mail_hosts(hosts: list[str]) -> Provider | None:
    folded = [host.lower().rstrip(".") for host in hosts]
    return next(
        (one for one in PROVIDERS if any(_ends(host, known) for host in folded for known in one.mail_hosts)), None
    )


def of_server(host: str) -> Provider | None:
    """Whose server it is that a mailbox names."""
    named = host.lower().rstrip(".")
    return next((one for one in PROVIDERS if named and named in {way[0] for way in one.servers if way}), None)


def _is_at(domain: str, known: str) -> bool:
    if not known.endswith("."):
        return domain == known
    country = domain.removeprefix(known)
    return country != domain and len(country) <= 6 and country.count(".") <= 1


def _ends(host: str, known: str) -> bool:
    return host == known or host.endswith(f".{known}")
