"""What the reading has to say about a mail, in words; a code travels, the sentence is the reader's."""

from __future__ import annotations

from django.utils.translation import gettext as _

UNREAD = ("empty", "no-head", "memory", "time", "died", "too-large", "failed")


def sentence(code: str) -> str:
    """Codes come from this house; one that is not known is shown as it is."""
    sentences = {
        "empty": _("The mail is empty."),
        "no-head": _("This does not begin like a mail: there are no headers."),
        "memory": _("Reading it needs more memory than one mail may take."),
        "time": _("Reading it takes longer than one mail may."),
        "died": _("Reading it failed in a way we do not know."),
        "failed": _("Reading it failed in a way we do not know."),
        "too-large": _("It is larger than a mail may be."),
        "bounces-failed": _("Whether it came back undelivered could not be told."),
        "trimming-failed": _("What is new in it could not be told; the whole is shown."),
        "machine-failed": _("Whether a machine wrote it could not be told."),
        "html-failed": _("Its form is too large or too broken to be shown; its words are all there."),
        "head-cut": _("There are more headers than are read."),
        "broken-base64": _("An attachment is damaged or cut off."),
        "text-cut": _("The text is very long and was cut; the whole is in the original."),
        "charset-guessed": _("The characters are not what the mail says; the likeliest were taken."),
        "no-boundary": _("The mail does not say where its parts begin; it was guessed."),
        "boundary-missing": _("The mail ends before its last part does."),
        "too-many-parts": _("There are more parts than are read; the rest is in the original."),
        "too-deep": _("Parts lie deeper in each other than is read; they are kept as a file."),
        "strange-head": _("Some lines among the headers are none."),
        "old-line-ends": _("The lines end in an old way."),
        "no-message-id": _("It has no Message-ID; its contents are its key."),
        "no-author": _("It has no readable From."),
        "bad-date": _("Its date cannot be read."),
        "winmail-opened": _("It came as winmail.dat, which was opened."),
        "winmail-kept": _("It came as winmail.dat, which could not be opened and is kept."),
        "written-opened": _("Files were written into its text as letters; they were taken out of it."),
        "binhex-kept": _("A file came as BinHex, the format of old Macs, which is not opened; it is kept."),
        "smime-signed": _("It is signed with S/MIME; the signature is kept and not checked."),
        "smime-encrypted": _("It is encrypted with S/MIME and cannot be read here; it is kept."),
        "pgp-signed": _("It is signed with PGP; the signature is kept and not checked."),
        "pgp-encrypted": _("It is encrypted with PGP and cannot be read here; it is kept."),
        "by-form": _("It came by the contact form; nobody has proved the address."),
        "pgp-key": _("A PGP key came with it."),
    }
    return sentences.get(code, code)
