"""Signs that a mail comes from a mail server about another mail, when it does not say so by its type."""

from __future__ import annotations

import re

from careline.channels.email.mail import Mail

_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|^post[-_.]?master@|mail.{0,3}deliver|^mail[-_.]?system|^mdaemon|^mms-daemon|^bounce|^mta@",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail(er)?[- ]?(daemon|delivery|deliver|system)|post ?master|system administrator|delivery (subsystem|system|"
    r"status)|"
    r"mail ?server|internet mail|interscan|mail(box)? notif", re.IGNORECASE
)  # fmt: skip
_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|not delivered|could(n't| not) be delivered|deliver(y|ed)? .{0,20}(fail|error|problem|"
    r"report|status|notif)|"
    r"failure (notice|delivery)|(fail|error).{0,20}deliver|returned mail|mail .{0,20}(error|fail|return)|"
    r"returning message|mail (delivery|system)|"
    r"error sending|unzustellbar|nicht zugestellt|no se (ha )?(pudo|podido)|non remis|mancato recapito|"
    r"não (foi )?entreg|delivery.?status|"
    r"message .{0,30}(blocked|rejected|not sent|delay)|delayed mail|warning: .{0,40}(delay|not|could)|недоставлен|"
    r"не доставлено|"
    r"エラー通知|配信(でき|エラー|不能)|配送|戻り|退信|系统退信|delivery (has )?(failed|delayed)|failed delivery|"
    r"status notification",
    re.IGNORECASE,
)  # fmt: skip
_BODY = re.compile(
    r"(could ?n.t|could not|was not|were not|not able to|unable to|cannot|can't|wasn't able to|has not been|"
    r"have not been|did not|failed to|been unable) (be )?(yet )?"
    r"(deliver|reach|send|sent|transmit)|deliver(y|ing)? .{0,60}(fail|error|problem|not possible|unsuccess)|"
    r"(permanent|fatal|delivery) (fatal )?(error|fail)|"
    r"(had|returned) (permanent |delivery )?(fatal )?(problems|errors)|undeliver|returned to sender|not be delivered|"
    r"did not reach|transcript of session|"
    r"error .{0,40}(deliver|send|occurred)|was blocked|rejected by|bounced|failed recipient|following (address|"
    r"recipient)|unknown user|invalid user|"
    r"配信|送信.{0,12}(でき|失敗)|退信|не может быть доставлено|mailbox is full|trouble delivering|refused to accept",
    re.IGNORECASE,
)  # fmt: skip
# From here on it is our own mail that came back, not what the server says about it.
ORIGINAL = re.compile(
    r"^[ \t>]{0,4}(?:[-=*_]{1,60}[ \t]*)?(?:this is a copy of (?:the|your) message|"
    r"(?:included is )?(?:a )?copy of the message|"
    r"(?:the )?(?:header|body)s? of the (?:original|failed) message|original[ -]?message\b|"
    r"original message (?:follows|headers?)|"
    r"(?:text|header) of (?:original )?message|message headers? follow|unsent message|message header|below this line|"
    r"(?:begin )?(?:original|returned|undelivered|rejected) (?:mail|message)\b|"
    r"(?:your )?(?:original )?message follows|message (?:body|text|contents?) follows|"
    r"the (?:original )?message (?:header|text) (?:follows|is)|non[- ]delivered message|received message|"
    r"start of (?:original|returned))[^\n]{0,80}$"
    r"|^[ \t]*-{3,}[ \t]*(?:below|unsent|original|returned|copy|message header|mail)[^\n]{0,80}$"
    r"|^(?:return-path|received): [^\n]{3,}$",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_SEARCHED = 20_000


def from_a_server(mail: Mail) -> bool:
    """The sender is a mail server: by address, by name, or by having no address to answer to."""
    author = mail.author
    if author is None:
        bare = (mail.header("from") or "").strip()
        return bare in {"", "<>"} or bool(_DAEMON_NAME.search(bare) or _DAEMON.search(bare))
    return bool(_DAEMON.search(author.address) or _DAEMON_NAME.search(author.name))


def told_by_words(mail: Mail) -> bool:
    """Sender, subject and text agree; two of three suffice where the sender is a server or no answer is wanted."""
    text, server, bare = mail.text[:_SEARCHED], from_a_server(mail), mail.return_path == ""
    if mail.in_reply_to and not server and not bare:
        return False
    about = bool(_SUBJECT.search(mail.subject))
    if server:
        return about or bool(_BODY.search(text))
    # The text is asked last: that costs most.
    if about:
        return (bare or bool(mail.nested) or bool(ORIGINAL.search(text))) and bool(_BODY.search(text))
    return bare and bool(mail.nested) and bool(_BODY.search(text))


def before_original(text: str) -> tuple[str, str]:
    """What the server says, and the mail it gives back within its text."""
    match = ORIGINAL.search(text, 1)
    return (text[: match.start()], text[match.start() :]) if match else (text, "")
