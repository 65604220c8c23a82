"""Sessions of agents in the database. The key lives in the cookie alone; rows hold its digest."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends import db
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, Least
from typing_extensions import override

from careline.accounts import reach
from careline.accounts.models import Agent, Organization, Session
from careline.kit import clock, signing

SEEN_EVERY = timedelta(minutes=1)


def open_session(agent: Agent, *, proof: str = "password", user_agent: str = "", address: str = "") -> str:
    """The key for the cookie; it is never seen again."""
    key, now = secrets.token_urlsafe(32), clock.now()
    ends_at, expires = _ends(now)
    Session.objects.create(
        session_key=signing.digest(key),
        agent=agent,
        user_agent=_storable(user_agent)[:400],
        address=_storable(address)[:45],
        created_at=now,
        seen_at=now,
        proof=proof,
        ends_at=ends_at,
        expire_date=expires,
    )
    return key


def _ends(now: datetime) -> tuple[datetime, datetime]:
    """When a session ends that begins now, and when it ends with nobody there."""
    house = Organization.objects.values_list("session_minutes", "idle_minutes").first()
    longest, idle = house or (settings.SESSION_COOKIE_AGE // 60, None)
    ends_at = now + timedelta(minutes=longest)
    return ends_at, min(ends_at, now + timedelta(minutes=idle)) if idle else ends_at


_IDLE = RawSQL("(SELECT idle_minutes FROM accounts_organization) * interval '1 minute'", [])
_LONGEST = RawSQL("(SELECT session_minutes FROM accounts_organization) * interval '1 minute'", [])


def _until(seen: Combinable) -> Least:
    """What is idle ends, what is busy goes on to its end. PostgreSQL's LEAST leaves out what is NULL."""
    idle_at = ExpressionWrapper(seen + _IDLE, output_field=DateTimeField())
    return Least(Coalesce("ends_at", "expire_date"), idle_at)


def last_anew() -> None:
    """The house lets sessions last longer, or less long, than before: those that are open too."""
    open_ones = Session.objects.filter(agent__isnull=False, expire_date__gt=clock.now())
    open_ones.update(ends_at=ExpressionWrapper(F("created_at") + _LONGEST, output_field=DateTimeField()))
    open_ones.update(expire_date=_until(F("seen_at")))
    reach.changed()


def _storable(header: str) -> str:
    return header.replace("\0", "").encode(errors="replace").decode()


def end_session(key: str) -> bool:
    """Whether there was one to end."""
    reach.changed()
    return bool(Session.objects.filter(session_key=signing.digest(key)).delete()[0])


def end_sessions(agent_id: int, *, but: str | None = None) -> int:
    """End all sessions of an agent; `but` is the key of the one that stays."""
    reach.changed()
    ending = Session.objects.filter(agent_id=agent_id)
    return (ending.exclude(session_key=signing.digest(but)) if but else ending).delete()[0]


def mark_seen(key: str, *, seen_at: datetime | None = None) -> None:
    """At most one write a minute; a door that has already read `seen_at` is spared even the look."""
    now = clock.now()
    if seen_at is None or now - seen_at >= SEEN_EVERY:
        seen = Session.objects.filter(session_key=signing.digest(key), seen_at__lte=now - SEEN_EVERY)
        seen.update(seen_at=now, expire_date=_until(Value(now, output_field=DateTimeField())))


def purge() -> int:
    return Session.objects.filter(expire_date__lte=clock.now()).delete()[0]


class SessionStore(db.SessionStore):
    """Django's own way to a session, for whatever asks SESSION_ENGINE: the same rows under the same digests."""

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = self._row(self.session_key) if self.session_key else None
        if found is None or found.expire_date <= clock.now():
            self._session_key = None
            return None
        return found

    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    def _row(self, key: str) -> Session | None:
        return Session.objects.filter(session_key=signing.digest(key)).first()

    @override
    def exists(self, session_key: str) -> bool:
        return self._row(session_key) is not None

    @override
    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        fresh = super().create_model_instance(data)
        # What is already known of the session (where from, since when) stays with it.
        row = self._row(fresh.session_key) or Session(session_key=signing.digest(fresh.session_key))
        row.session_data, row.expire_date = fresh.session_data, fresh.expire_date
        row.agent_id = data.get("_auth_user_id", row.agent_id)
        return row

    @override
    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return await sync_to_async(self.create_model_instance)(data)

    @override
    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            end_session(key)

    @override
    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
