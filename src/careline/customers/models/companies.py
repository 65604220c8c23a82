"""Companies: whom customers come from, what is known of them, and who belongs to them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.customers.models.people import WORDS, Person
from careline.kit import clock, text


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, actor: Actor) -> Self:
        """Who belongs together is the house's to know, and no customer's."""
        return self if actor.may("customers.view") else self.none()


class Company(models.Model):
    # What other programs call it: the groupId of their events. Nothing for one that was entered by hand.
    external = models.TextField(null=True, unique=True)
    # The trait `name`, and its folded form for the search; kept by actions.companies.
    name = models.TextField(default="", db_default="", blank=True)
    search = models.TextField(default="", db_default="", blank=True)
    # The company it is a part of. That none stands above itself is held by a trigger.
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="parts", db_index=False)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="company_is_known_by_something", condition=~Q(name="") | Q(external__isnull=False)
            ),
            models.CheckConstraint(name="company_external_is_not_empty", condition=~Q(external="")),
        ]
        indexes = [
            GinIndex(WORDS, name="company_by_name"),
            models.Index(fields=["parent"], name="company_by_parent", condition=Q(parent__isnull=False)),
        ]

    def rename(self, name: str) -> None:
        self.name, self.search = name, text.fold(name)
        self.save(update_fields=["name", "search"])


class CompanyTrait(models.Model):
    """One thing that is known of a company, when it was so and who said it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="traits", db_index=False)
    name = models.TextField()
    value = models.JSONField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    source = models.TextField(default="", db_default="")

    objects: ClassVar[models.Manager[CompanyTrait]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="company_trait_has_one_value")]


class CompanyMember(models.Model):
    """Somebody belongs to a company. The id is the one it was said of; who that is now says `canonical`."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="companies")
    at = models.DateTimeField(default=clock.now, db_default=Now())
    source = models.TextField(default="", db_default="")

    objects: ClassVar[models.Manager[CompanyMember]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "person"], name="company_member_stands_once")]
