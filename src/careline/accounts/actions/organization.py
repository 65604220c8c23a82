"""The first run, and what the organization says of itself."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit, calendars, values
from careline.accounts.actions.agents import joined
from careline.accounts.actor import Actor
from careline.accounts.models import Agent, Organization, PastHours, Role
from careline.kit import clock, contacts, text
from careline.kit.refusals import Conflicting


@transaction.atomic
def set_up(
    *,
    organization_name: str,
    name: str,
    email: str,
    password: str,
    zone: str = "UTC",
    currency: str = "USD",
    country: str = "US",
    language: str = "en",
    hours: dict[str, Any] | None = None,
) -> Agent:
    """The organization and its first owner. Works once: the second of two at the same moment waits and is refused.

    `hours` are its business calendars, in force since ever.
    """
    organization = Organization(
        name=text.clean(organization_name, field="organization_name", limit=200, required=True),
        zone=values.zone(zone),
        currency=values.currency(currency),
        country=values.country(country),
        languages=[values.screen_language(language)],
        calendars={} if hours is None else calendars.checked(hours),
    )
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError:
        raise Conflicting(_("Careline is already set up; sign in instead.")) from None
    owner = joined(
        Agent(
            email=contacts.email_key(email),
            name=text.clean(name, field="name", limit=200, required=True),
            role=Role.objects.get(builtin=True, name="owner"),
            language=language,
            zone=zone,
        ),
        password,
    )
    audit.record("organization.set-up", "organization:1", actor=owner.as_actor())
    return owner


@transaction.atomic
def update_organization(
    *,
    actor: Actor,
    name: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    country: str | None = None,
    languages: list[str] | None = None,
    calendars: dict[str, Any] | None = None,
    hours_of: dict[str, str] | None = None,
) -> Organization:
    """Only what is given changes; hours alone are also changed by whoever may set up promises.

    A place whose calendar is gone keeps the house's.
    """
    is_more = any(one is not None for one in (name, zone, currency, country, languages))
    actor.must("organization.manage" if is_more or not actor.may("promises.manage") else "promises.manage")
    organization = Organization.objects.select_for_update().get()
    changes = _checked(name, zone, currency, country, languages, calendars)
    changes |= _assigned(organization, changes.get("calendars"), hours_of)
    changes = {field: value for field, value in changes.items() if value != getattr(organization, field)}
    if changes.keys() & {"zone", "calendars", "hours_of"}:
        PastHours.objects.create(
            until=clock.now(), zone=organization.zone, calendars=organization.calendars, hours_of=organization.hours_of
        )
    for field, value in changes.items():
        setattr(organization, field, value)
    if changes:
        organization.save(update_fields=list(changes))
        audit.record("organization.updated", "organization:1", actor=actor, fields=sorted(changes))
    return organization


def _assigned(
    organization: Organization, kept: dict[str, Any] | None, hours_of: dict[str, str] | None
) -> dict[str, Any]:
    known = organization.calendars if kept is None else kept
    if hours_of is not None:
        return {"hours_of": calendars.assigned(hours_of, known)}
    return {"hours_of": {place: name for place, name in organization.hours_of.items() if name in known}}


def _checked(
    name: str | None,
    zone: str | None,
    currency: str | None,
    country: str | None,
    languages: list[str] | None,
    hours: dict[str, Any] | None,
) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if name is not None:
        checked["name"] = text.clean(name, field="name", limit=200, required=True)
    if zone is not None:
        checked["zone"] = values.zone(zone)
    if currency is not None:
        checked["currency"] = values.currency(currency)
    if country is not None:
        checked["country"] = values.country(country)
    if languages is not None:
        checked["languages"] = values.customer_languages(languages)
    if hours is not None:
        checked["calendars"] = calendars.checked(hours)
    return checked
