"""One person, the identities they are known by, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Subquery, Value
from django.db.models.functions import Left, Now, Right

from careline.accounts.actor import Actor
from careline.kit import clock, text

# The words of a folded name, as the search looks them up by their beginnings. Cheaper to keep than trigrams, and exact
# where a text search parser would take addresses, hyphens and signs apart. A lexeme has room for 2,046 bytes.
WORDS = Func(
    Func(
        Func(Func(F("search"), Value(500), function="left"), Value(" "), function="string_to_array"),
        Value(""),
        function="array_remove",
    ),
    function="array_to_tsvector",
)


class PersonQuerySet(models.QuerySet["Person"]):
    def known(self) -> Self:
        """Those who were not erased and were not joined to another."""
        return self.filter(erased_at=None, canonical=None)

    def whole(self, root: int | Subquery) -> Self:
        """The person and those who turned out to be the same."""
        return self.filter(Q(pk=root) | Q(canonical=root))

    def blocked(self) -> Self:
        return self.exclude(blocked_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """Everybody, for who may see customers; a customer sees themselves."""
        if actor.may("customers.view"):
            return self
        if actor.kind == "customer" and actor.id is not None:
            return self.filter(Q(pk=actor.id) | Q(joined=actor.id))
        return self.none()


class Person(models.Model):
    name = models.TextField(default="", db_default="", blank=True)
    # The folded name: what a search by name looks at.
    search = models.TextField(default="", db_default="", blank=True)
    language = models.TextField(default="", db_default="", blank=True)
    zone = models.TextField(default="", db_default="", blank=True)
    blocked_at = models.DateTimeField(null=True)
    attributes = models.JSONField(default=dict, db_default={})
    canonical = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined", db_index=False)
    # The last eight feelings of the line, -2..2, newest last; kept by reactions.keep_scraps.
    scrap = ArrayField(models.SmallIntegerField(), default=list, db_default=[])
    # And what each of them cost, 0..3, by what was counted.
    efforts = ArrayField(models.SmallIntegerField(), default=list, db_default=[])
    first_seen_at = models.DateTimeField(default=clock.now, db_default=Now())
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    erased_at = models.DateTimeField(null=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(WORDS, name="person_by_name"),
            models.Index(fields=["canonical"], name="person_joined", condition=Q(canonical__isnull=False)),
            # Who is called the same: whole names of more than one word, as customers.resembling looks them up.
            models.Index(Left("search", 200), "id", name="person_by_whole_name", condition=Q(search__contains=" ")),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_is_a_bare_shell_when_erased",
                condition=Q(erased_at=None)
                | Q(name="", search="", language="", zone="", attributes={}, scrap=[], efforts=[]),
            ),
            models.CheckConstraint(
                name="person_scrap_is_short_and_within_range",
                condition=Q(scrap__len__lte=8, scrap__contained_by=[-2, -1, 0, 1, 2]),
            ),
            models.CheckConstraint(
                name="person_efforts_are_few_and_within_range",
                condition=Q(efforts__len__lte=8, efforts__contained_by=[0, 1, 2, 3]),
            ),
            models.CheckConstraint(
                name="person_is_not_their_own_canonical",
                condition=Q(canonical=None) | ~Q(canonical=F("id")),
            ),
        ]

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None

    def rename(self, name: str) -> None:
        self.name, self.search = name, text.fold(name)
        self.save(update_fields=["name", "search"])

    def lay_bare(self, *, at: datetime) -> None:
        """What is left of an erased person: the id that touchpoints carry."""
        self.name = self.search = self.language = self.zone = ""
        self.attributes, self.scrap, self.efforts = {}, [], []
        self.erased_at = self.erased_at or at
        self.save()


def of(person_id: int) -> Q:
    """Rows that hang on the person or on those who turned out to be the same."""
    return Q(person_id=person_id) | Q(person__canonical_id=person_id)


class Identity(models.Model):
    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        EXTERNAL = "external"
        VISITOR = "visitor"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    kind = models.TextField(choices=Kind.choices)
    # Whose number it is, where a value is unique only within one house: "inbox:3". Empty for email and phone.
    scope = models.TextField(default="", db_default="", blank=True)
    # Normalized; what is compared. `original` is what was written.
    value = models.TextField()
    original = models.TextField()
    verified = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "scope", "value"], name="identity_belongs_to_one_person"),
            models.CheckConstraint(name="identity_has_a_value", condition=~Q(value="")),
            models.CheckConstraint(
                name="identity_is_of_a_known_kind", condition=Q(kind__in=["email", "phone", "external", "visitor"])
            ),
        ]
        indexes = [
            # For the beginning of an address; the unique index serves whole ones.
            models.Index(fields=["value"], name="identity_by_value", opclasses=["text_pattern_ops"]),
            # The same number under another country.
            models.Index(Right("value", 9), "id", name="identity_by_number", condition=Q(kind="phone")),
        ]


class Merge(models.Model):
    """An entry of the ledger: these two ids are one person. What is taken back stays written and counts no more.

    The ids are those that were named, not those they stood for then: `customers.ledger` works out who stands for whom
    from the entries that count, so that taking one back leaves every other as it was.
    """

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    joined = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What spoke for it: kinds of identities they shared or words of whoever did it; never a value.
    evidence = ArrayField(models.TextField(), default=list, db_default=[])
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    undone_at = models.DateTimeField(null=True)
    undone_by_kind = models.TextField(default="", db_default="")
    undone_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["joined"], name="merge_by_joined")]
        constraints = [
            models.CheckConstraint(name="merge_is_of_two", condition=~Q(kept=F("joined"))),
            models.CheckConstraint(
                name="merge_says_who_took_it_back",
                condition=Q(undone_at=None, undone_by_kind="") | (Q(undone_at__isnull=False) & ~Q(undone_by_kind="")),
            ),
        ]


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        return self.filter(state=Suggestion.State.OPEN)

    def between(self, some: Iterable[int], others: Iterable[int]) -> Self:
        some, others = list(some), list(others)
        return self.filter(Q(one__in=some, other__in=others) | Q(one__in=others, other__in=some))


class Suggestion(models.Model):
    """Two ids that may be one person, and what speaks for it; a person joins them or says they are two."""

    class State(models.TextChoices):
        OPEN = "open"
        DISMISSED = "dismissed"
        TAKEN = "taken"

    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Kinds alone; the values stand with the two, where they can be erased.
    evidence = ArrayField(models.TextField())
    state = models.TextField(choices=State.choices, default=State.OPEN, db_default=State.OPEN)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by_kind = models.TextField(default="", db_default="")
    decided_by_id = models.BigIntegerField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("id").desc(), name="suggestion_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="suggestion_of_two_stands_once"),
            models.CheckConstraint(name="suggestion_is_of_two_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="suggestion_has_evidence", condition=Q(evidence__len__gt=0)),
            models.CheckConstraint(
                name="suggestion_is_of_a_known_state", condition=Q(state__in=["open", "dismissed", "taken"])
            ),
            models.CheckConstraint(
                name="suggestion_is_dated_when_decided",
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]


class Trait(models.Model):
    """A score or mark another room worked out about the person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="traits", db_index=False)
    name = models.TextField()
    value = models.JSONField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    source = models.TextField(default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="trait_has_one_value")]


class Note(models.Model):
    """What agents tell each other about the person; never shown to the person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    agent_id = models.BigIntegerField(null=True)
    body = models.TextField()
    created_at = models.DateTimeField(default=clock.now, db_default=Now())


class AttributeDefinition(models.Model):
    class Type(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        BOOLEAN = "boolean"
        CHOICE = "choice"

    class Of(models.TextChoices):
        CUSTOMER = "customer"
        CONVERSATION = "conversation"

    # One name means one thing, whatever it is of: programs and addresses name it alone.
    name = models.TextField(unique=True)
    of = models.TextField(choices=Of.choices, default=Of.CUSTOMER, db_default=Of.CUSTOMER)
    label = models.TextField()
    type = models.TextField(choices=Type.choices)
    choices = ArrayField(models.TextField(), default=list, db_default=[], blank=True)
    # Of conversations: where whoever resolves one must say it, as conversations.conditions reads it; None nowhere.
    asked = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attribute_is_asked_of_conversations_alone", condition=Q(asked=None) | Q(of="conversation")
            ),
            models.CheckConstraint(
                name="attribute_offers_choices_when_it_is_a_choice",
                condition=Q(type="choice", choices__len__gt=0) | (~Q(type="choice") & Q(choices=[])),
            ),
            models.CheckConstraint(
                name="attribute_is_of_customers_or_conversations", condition=Q(of__in=["customer", "conversation"])
            ),
        ]
