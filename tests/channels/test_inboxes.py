"""Setting up inboxes: who may, what is written in the audit log, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import AuditEntry
from careline.channels import actions, adapter, hot, queries
from careline.channels.models import Inbox, Membership
from careline.kit import bus
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

pytestmark = pytest.mark.django_db


def audited() -> list[str]:
    return list(AuditEntry.objects.filter(subject__startswith="inbox:").order_by("id").values_list("verb", flat=True))


def test_an_inbox_is_made_with_a_key_and_a_secret_of_its_own(boss: Actor) -> None:
    first = actions.create_inbox(actor=boss, kind="api", name="Orders")
    second = actions.create_inbox(actor=boss, kind="api", name="Orders")
    assert first.key != second.key
    assert queries.secret(boss, first.pk).startswith("whsec_")
    assert queries.secret(boss, first.pk) != queries.secret(boss, second.pk)
    assert queries.secret(boss, first.pk).encode() not in bytes(first.secret)
    assert audited() == ["inbox.created"] * 2
    assert not Membership.objects.filter(inbox=first).exists(), "who sees every inbox is a member of none"


def test_an_address_makes_it_push(boss: Actor) -> None:
    inbox = actions.create_inbox(actor=boss, kind="api", name="Orders")
    assert inbox.delivery == "pull"
    inbox = actions.update_inbox(inbox.pk, actor=boss, settings={"url": "https://shop.example/hook"})
    assert inbox.delivery == "push"
    assert actions.update_inbox(inbox.pk, actor=boss, name="Shop").delivery == "push"
    assert actions.update_inbox(inbox.pk, actor=boss, settings={}).delivery == "pull"
    entry = AuditEntry.objects.filter(verb="inbox.changed").order_by("id").first()
    assert entry is not None
    assert entry.facts == {"fields": ["settings"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "api", "settings": {"url": "shop.example"}}, "url"),
        ({"kind": "api", "settings": {"url": "https://"}}, "url"),
        ({"kind": "api", "settings": {"url": "javascript:alert(1)"}}, "url"),
        ({"kind": "api", "settings": {"url": "https://a.example:99999/"}}, "url"),
        ({"kind": "api", "settings": {"url": "https://a b.example/"}}, "url"),
        ({"kind": "api", "settings": {"url": 7}}, "url"),
        ({"kind": "api", "settings": {"adress": "x"}}, None),
        ({"kind": "webchat", "settings": {"greeting": "x" * 1001}}, "greeting"),
        ({"kind": "webchat", "settings": {"origins": "shop.example"}}, "origins"),
        ({"kind": "webchat", "settings": {"origins": ["https://shop.example/path"]}}, "origins"),
        ({"kind": "webchat", "settings": {"origins": [7]}}, "origins"),
        ({"kind": "webchat", "settings": {"origins": ["https://a.example"] * 101}}, "origins"),
        ({"kind": "webchat", "language": "xx"}, "language"),
        ({"kind": "webchat", "name": ""}, "name"),
        ({"kind": "webchat", "key": "a b"}, "key"),
        ({"kind": "pigeon"}, None),
    ],
)
def test_what_does_not_fit_is_refused_with_a_word(boss: Actor, given: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        actions.create_inbox(**{"actor": boss, "name": "New", **given})
    assert str(refusal.value)
    assert refusal.value.field == field
    assert not Inbox.objects.filter(name__in=["New", ""]).exists()


def test_settings_come_back_as_they_were_written(boss: Actor) -> None:
    greeting = "  Hallo <b>👋</b>\r\n\u202eabc  "
    inbox = actions.create_inbox(
        actor=boss, kind="webchat", name="Chat",
        settings={"greeting": greeting, "origins": "https://shop.example\n\n http://localhost:3000 "},
    )  # fmt: skip
    inbox.refresh_from_db()
    assert inbox.settings["greeting"] == greeting
    assert inbox.settings["origins"] == ["https://shop.example", "http://localhost:3000"]
    assert inbox.settings["title"] == ""


def test_a_key_is_given_once(boss: Actor, inbox: Inbox) -> None:
    with pytest.raises(Conflicting):
        actions.create_inbox(actor=boss, kind="webchat", name="Second", key=inbox.key)


CHANGES: dict[str, Callable[[int, int, Actor], object]] = {
    "update": lambda pk, _agent, actor: actions.update_inbox(pk, actor=actor, name="x"),
    "archive": lambda pk, _agent, actor: actions.archive_inbox(pk, actor=actor),
    "restore": lambda pk, _agent, actor: actions.restore_inbox(pk, actor=actor),
    "add a member": lambda pk, agent, actor: actions.add_member(pk, agent, actor=actor),
    "remove a member": lambda pk, agent, actor: actions.remove_member(pk, agent, actor=actor),
    "rotate the secret": lambda pk, _agent, actor: actions.rotate_secret(pk, actor=actor),
    "try the way out": lambda pk, _agent, actor: actions.test_inbox(pk, actor=actor),
    "look at the secret": lambda pk, _agent, actor: queries.secret(actor, pk),
}


@pytest.mark.parametrize("change", CHANGES)
def test_agents_and_leads_change_nothing(change: str, inbox: Inbox, bo: Actor, cy: Actor, dee: Actor) -> None:
    before = Inbox.objects.values().get()
    for actor, refusal in ((bo, NotAllowed), (cy, NotAllowed)):
        with pytest.raises(refusal):
            CHANGES[change](inbox.pk, 1, actor)
    with pytest.raises((NotVisible, NotAllowed)):
        CHANGES[change](inbox.pk, 1, dee)
    assert Inbox.objects.values().get() == before
    assert audited() == []
    with pytest.raises(NotAllowed):
        actions.create_inbox(actor=cy, kind="webchat", name="Mine")


@pytest.mark.parametrize("change", CHANGES)
def test_an_inbox_that_is_not_seen_is_not_there(change: str, elsewhere: Inbox, boss: Actor) -> None:
    blind = Actor(
        kind="agent", id=boss.id, name="", agent_id=boss.agent_id,
        permissions=boss.permissions - {"inboxes.view_all"}, inbox_ids=(),
    )  # fmt: skip
    with pytest.raises(NotVisible):
        CHANGES[change](elsewhere.pk, 1, blind)


def test_who_makes_an_inbox_without_seeing_all_becomes_its_member(boss: Actor) -> None:
    narrow = Actor(kind="agent", id=boss.id, name="", agent_id=boss.agent_id, permissions=frozenset({"inboxes.manage"}))
    inbox = actions.create_inbox(actor=narrow, kind="webchat", name="Mine")
    assert list(Membership.objects.filter(inbox=inbox).values_list("agent_id", flat=True)) == [boss.agent_id]


def test_members_come_and_go(inbox: Inbox, boss: Actor, dee: Actor, django_capture_on_commit_callbacks: Any) -> None:
    told: list[str] = []
    leave = bus.subscribe("access", lambda topic, _message: told.append(topic))
    with django_capture_on_commit_callbacks(execute=True):
        actions.add_member(inbox.pk, dee.agent_id, actor=boss)
        actions.add_member(inbox.pk, dee.agent_id, actor=boss)
    assert [agent.name for agent in queries.members(boss, inbox.pk)] == ["Dee Marsh"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_member(inbox.pk, dee.agent_id, actor=boss)
        actions.remove_member(inbox.pk, dee.agent_id, actor=boss)
    leave()
    assert audited() == ["inbox.member-added", "inbox.member-removed"]
    assert told == ["access", "access"]
    with pytest.raises(NotVisible):
        actions.add_member(inbox.pk, 999_999, actor=boss)


def test_an_archived_inbox_has_no_door_and_is_still_seen(inbox: Inbox, boss: Actor, bo: Actor) -> None:
    actions.archive_inbox(inbox.pk, actor=boss)
    with pytest.raises(NotVisible):
        queries.by_key(inbox.kind, inbox.key)
    assert list(queries.visible_to(bo)) == [inbox]
    with pytest.raises(Conflicting):
        actions.archive_inbox(inbox.pk, actor=boss)
    actions.restore_inbox(inbox.pk, actor=boss)
    assert queries.by_key(inbox.kind, inbox.key).id == inbox.pk
    with pytest.raises(Conflicting):
        actions.restore_inbox(inbox.pk, actor=boss)
    assert audited() == ["inbox.archived", "inbox.restored"]


def test_everybody_sees_their_own_inboxes(inbox: Inbox, elsewhere: Inbox, bo: Actor, dee: Actor, cy: Actor) -> None:
    assert list(queries.visible_to(bo)) == [inbox]
    assert list(queries.visible_to(dee)) == []
    assert set(queries.visible_to(cy)) == set(queries.visible_to(SYSTEM)) == {inbox, elsewhere}
    assert list(queries.visible_to(Actor.customer(1, inbox.pk))) == [inbox]
    with pytest.raises(NotVisible):
        queries.by_id(bo, elsewhere.pk)


def test_who_can_work_in_an_inbox_has_a_name_there(
    inbox: Inbox, elsewhere: Inbox, bo: Actor, cy: Actor, dee: Actor
) -> None:
    def named(actor: Actor, where: Inbox) -> str | None:
        assert actor.agent_id is not None
        return queries.name_of_worker(actor.agent_id, inbox_id=where.pk)

    assert named(bo, inbox) == "Bo Lindgren"
    assert named(bo, elsewhere) is None
    assert named(cy, elsewhere) == "Cy Okafor"
    assert named(dee, inbox) is None
    assert queries.name_of_worker(999_999, inbox_id=inbox.pk) is None


@pytest.mark.parametrize("key", ["", "nobody", "\0", "ключ", "\ud800", "x" * 10_000])
def test_a_guessed_key_opens_no_door(inbox: Inbox, key: str) -> None:
    assert hot.door(inbox.kind, key) is None


def test_a_key_opens_the_door_of_its_kind_only(inbox: Inbox) -> None:
    assert hot.door("api", inbox.key) is None
    door = hot.door("webchat", inbox.key)
    assert door is not None
    assert (door.endpoint().name, door.endpoint().secret) == (inbox.name, "s" * 32)


def test_a_healthy_inbox_says_so_and_one_of_no_known_kind_is_refused(inbox: Inbox, bo: Actor) -> None:
    assert queries.health(bo, inbox.pk).well
    with pytest.raises(NotVisible):
        adapter.of("pigeon")
