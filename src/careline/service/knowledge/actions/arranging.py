"""Collections, addresses that lead on, and how the help center looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.knowledge import drawing, shapes
from careline.service.knowledge.actions import taking
from careline.service.knowledge.models import Centre, Collection, Redirect, Translation

NAME, ABOUT = 100, 300
THEMES = ("line", "ink", "sea", "plum")


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say of the help center; it is kept anew."""

    is_on: bool = True
    title: str = ""
    greeting: str = ""
    theme: str = "line"
    back_url: str = ""
    form_key: str = ""
    portal: bool = True


@transaction.atomic
def keep_collection(
    names: Mapping[str, str],
    about: Mapping[str, str] | None = None,
    *,
    actor: Actor,
    collection_id: int | None = None,
    slug: str = "",
) -> Collection:
    """Make one or change it; it is called in at least one language of the house."""
    actor.must("knowledge.edit")
    said = {"names": _by_language(names, "name", NAME), "about": _by_language(about or {}, "about", ABOUT)}
    if not said["names"]:
        raise Refused(_("Give it a name."), field="name")
    if collection_id is not None:
        known = taking.collection(collection_id, actor)
        known.names, known.about = said["names"], said["about"]
        known.slug = drawing.slug(slug) or known.slug
    else:
        last = Collection.objects.aggregate(last=Max("position"))["last"]
        made = drawing.slug(slug or next(iter(said["names"].values()))) or "collection"
        known = Collection(slug=_free(made), position=0 if last is None else last + 1, **said)
    try:
        with transaction.atomic():
            known.save()
    except IntegrityError as error:
        raise Conflicting(_("Another collection has this address already."), field="slug") from error
    audit.record("collection.kept", f"collection:{known.pk}", actor=actor)
    return known


@transaction.atomic
def order_collections(ids: Sequence[int], *, actor: Actor) -> None:
    """In this order; those that are not named follow."""
    actor.must("knowledge.edit")
    rows = list(Collection.objects.select_for_update().order_by("position", "pk"))
    places = {pk: place for place, pk in enumerate(ids)}
    for place, one in enumerate(sorted(rows, key=lambda row: places.get(row.pk, len(places) + row.position))):
        one.position = place
    Collection.objects.bulk_update(rows, ["position"])
    audit.record("collections.ordered", "collection:0", actor=actor)


@transaction.atomic
def drop_collection(collection_id: int, *, actor: Actor) -> None:
    """One that is empty goes."""
    known = taking.collection(collection_id, actor)
    if known.articles.exists():
        raise Conflicting(_("There are articles in this collection. Move them first."))
    audit.record("collection.dropped", f"collection:{known.pk}", actor=actor)
    known.delete()


@transaction.atomic
def redirect(translation_id: int, slug: str, *, actor: Actor) -> Redirect:
    """A further address that leads to this article."""
    one = taking.translation(translation_id, actor)
    made = drawing.slug(slug.rsplit("/", 1)[-1])
    if not made:
        raise Refused(_("An address is made of letters, digits and hyphens."), field="redirect")
    if made == one.slug:
        raise Refused(_("This is the article's own address."), field="redirect")
    if Translation.objects.filter(language=one.language, slug=made).exists():
        raise Conflicting(_("Another article has this address already."), field="redirect")
    try:
        with transaction.atomic():
            found = Redirect.objects.create(language=one.language, slug=made, translation=one)
    except IntegrityError as error:
        raise Conflicting(_("This address leads to an article already."), field="redirect") from error
    audit.record("redirect.made", f"article:{one.article_id}", actor=actor)
    return found


@transaction.atomic
def drop_redirect(redirect_id: int, *, actor: Actor) -> None:
    actor.must("knowledge.edit")
    if not Redirect.objects.filter(pk=redirect_id).delete()[0]:
        raise NotVisible(_("There is no such address."))
    audit.record("redirect.dropped", f"redirect:{redirect_id}", actor=actor)


@transaction.atomic
def keep_centre(looks: Looks, *, actor: Actor) -> Centre:
    actor.must("knowledge.edit")
    if looks.theme not in THEMES:
        raise Refused(_("Choose one from the list."), field="theme")
    centre = taking.centre()
    centre.is_on, centre.portal, centre.theme = looks.is_on, looks.portal, looks.theme
    centre.title = text.clean(looks.title.strip(), field="title", label=_("The title"), limit=NAME)
    centre.greeting = text.clean(looks.greeting.strip(), field="greeting", label=_("The greeting"), limit=ABOUT)
    centre.back_url = _address(looks.back_url.strip())
    centre.form_key = text.clean(looks.form_key.strip(), field="form_key", limit=NAME)
    centre.save()
    audit.record("centre.kept", "centre:1", actor=actor)
    return centre


def _by_language(given: Mapping[str, str], field: str, limit: int) -> dict[str, str]:
    spoken = shapes.languages()
    label = _("The name") if field == "name" else _("The words about it")
    return {
        code: text.clean(" ".join(words.split()), field=field, label=label, limit=limit)
        for code, words in given.items()
        if code in spoken and words.strip()
    }


def _free(slug: str) -> str:
    taken = set(Collection.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(
        one for number in range(1, len(taken) + 2) if (one := slug if number == 1 else f"{slug}-{number}") not in taken
    )


def _address(given: str) -> str:
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    if given and (
        parts.scheme not in ("http", "https") or not parts.netloc or len(given) > ABOUT or not given.isprintable()
    ):
        raise Refused(_("Write a whole address, such as https://shop.example."), field="back_url")
    return given
