"""Articles, their languages and versions, what readers see of them and think of it, and what they looked for."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.knowledge.readers import audiences


class Audience(models.TextChoices):
    PUBLIC = "public"
    CUSTOMERS = "customers"
    AGENTS = "agents"


class Centre(models.Model):
    """How the help center looks and whom it leads to; the only row, which whoever publishes holds."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(default=True, db_default=True)
    title = models.TextField(default="", db_default="", blank=True)
    greeting = models.TextField(default="", db_default="", blank=True)
    theme = models.TextField(default="line", db_default="line")
    # The house's own site, which readers came from.
    back_url = models.TextField(default="", db_default="", blank=True)
    # The key of the inbox whose form takes what no article answers; empty: the first that has one.
    form_key = models.TextField(default="", db_default="", blank=True)
    # Whether customers see their conversations there.
    portal = models.BooleanField(default=True, db_default=True)

    objects: ClassVar[models.Manager[Centre]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="centre_is_the_only_one", condition=Q(id=1)),
            models.CheckConstraint(name="centre_theme_is_known", condition=Q(theme__in=["line", "ink", "sea", "plum"])),
        ]


class Collection(models.Model):
    """Articles that belong together, in the order the house gave them."""

    slug = models.TextField(unique=True)
    # By language; the first the house speaks stands in for those that are missing.
    names = models.JSONField(default=dict)
    about = models.JSONField(default=dict, db_default={})
    position = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[Collection]]

    def called(self, language: str) -> str:
        return str(self.names.get(language) or next(iter(self.names.values()), self.slug))


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(audience__in=audiences(actor)) if actor.may("knowledge.view") else self.none()

    def kept(self) -> Self:
        return self.filter(archived_at=None)


class Article(models.Model):
    """One matter, in as many languages as it was written in."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, null=True, related_name="articles")
    audience = models.TextField(choices=Audience.choices, default=Audience.PUBLIC, db_default="public")
    owner = models.ForeignKey("accounts.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    review_on = models.DateField(null=True)
    position = models.IntegerField(default=0, db_default=0)
    # Where its readers are led once it is put away.
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_is_for_somebody", condition=Q(audience__in=["public", "customers", "agents"])
            ),
            models.CheckConstraint(
                name="article_does_not_replace_itself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=models.F("id")),
            ),
        ]


class Translation(models.Model):
    """An article in one language, as it is being written. Readers see its edition."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.TextField()
    slug = models.TextField()
    title = models.TextField()
    summary = models.TextField(default="", db_default="", blank=True)
    body = models.TextField(default="", db_default="", blank=True)
    # How people ask for it, in their words.
    phrasings = ArrayField(models.TextField(), default=list, db_default=[])
    # Rises with each change, so that two who write at once notice.
    revision = models.IntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())
    changed_by = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Translation]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="article_is_once_in_a_language", fields=["article", "language"]),
            models.UniqueConstraint(name="address_leads_to_one_article", fields=["language", "slug"]),
            models.CheckConstraint(
                name="translation_has_title_and_address", condition=~Q(title="") & ~Q(slug="") & ~Q(language="")
            ),
        ]


class Version(models.Model):
    """What somebody wrote, as it was kept. Aside: beside what somebody else had written meanwhile."""

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    title = models.TextField()
    summary = models.TextField(default="", blank=True)
    body = models.TextField(default="", blank=True)
    phrasings = ArrayField(models.TextField(), default=list)
    aside = models.BooleanField(default=False, db_default=False)
    written_by = models.BigIntegerField(null=True)
    written_at = models.DateTimeField(default=clock.now, db_default=Now())
    published_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Version]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="version_of_article_is_numbered_once", fields=["translation", "number"])
        ]


class Edition(models.Model):
    """An article in a language as its readers see it: drawn, and ready to be found."""

    translation = models.OneToOneField(Translation, on_delete=models.CASCADE, related_name="edition")
    version = models.IntegerField()
    title = models.TextField()
    # What a list says of it.
    excerpt = models.TextField(default="", blank=True)
    html = models.TextField()
    # [[address on the page, words]] of its headings.
    headings = models.JSONField(default=list)
    minutes = models.IntegerField(default=1)
    search = SearchVectorField()
    published_at = models.DateTimeField()
    first_published_at = models.DateTimeField()
    helped = models.IntegerField(default=0, db_default=0)
    failed = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[Edition]]

    class Meta:
        indexes = [GinIndex(name="edition_by_words", fields=["search"])]


class Passage(models.Model):
    """What of an edition is compared with a question: its title, a phrasing, a piece of its text. Never changed, so
    that whoever holds vectors in memory reads only those that are new."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="passages")
    words = models.TextField()
    # As meaning.py packs them, of the model named; without one it is found by its words alone.
    vector = models.BinaryField(null=True)
    model_id = models.TextField(default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Passage]]

    class Meta:
        indexes = [models.Index(name="passage_unread", fields=["id"], condition=Q(vector=None))]


class Redirect(models.Model):
    """An address an article had, or somebody gave it. It leads to the article and never to another address, so that
    none leads in a circle."""

    language = models.TextField()
    slug = models.TextField()
    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="redirects")
    made_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Redirect]]

    class Meta:
        constraints = [models.UniqueConstraint(name="redirect_leads_one_way", fields=["language", "slug"])]


class Picture(models.Model):
    """A picture that articles show; whoever may read the article sees it."""

    file_id = models.UUIDField(primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="pictures")
    name = models.TextField()
    added_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Picture]]


class Verdict(models.Model):
    """Whether an article helped somebody nobody knows; `once` is what the page was called, so that it counts once."""

    class Reason(models.TextChoices):
        UNCLEAR = "unclear"
        WRONG = "wrong"
        MISSING = "missing"
        OTHER = "other"

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="verdicts")
    version = models.IntegerField()
    helped = models.BooleanField()
    reason = models.TextField(choices=Reason.choices, default="", db_default="", blank=True)
    words = models.TextField(default="", db_default="", blank=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    once = models.TextField(unique=True)

    objects: ClassVar[models.Manager[Verdict]]


class Asked(models.Model):
    """What people looked for on a day, in one place: how often, and how much was found."""

    day = models.DateField()
    place = models.TextField()
    language = models.TextField()
    words = models.TextField()
    times = models.IntegerField(default=1, db_default=1)
    found = models.IntegerField(default=0, db_default=0)
    # Something answered, and was not sure enough to say so.
    refused = models.BooleanField(default=False, db_default=False)
    # Somebody has seen to it.
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Asked]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="asked_is_counted_by_day", fields=["day", "place", "language", "words"])
        ]
