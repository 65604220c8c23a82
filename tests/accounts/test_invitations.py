"""How a colleague joins."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from aiosmtpd.controller import Controller

from careline.accounts import actions, queries
from careline.accounts.models import Agent, AuditEntry, Invitation, TeamMember
from careline.kit.postgres.server import free_port
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from tests.accounts.together import together

PHRASE = "a long enough phrase"


class Postbox:
    """A mail server's end of the line."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server, session, envelope):
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@pytest.fixture
def postbox():
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield postbox, controller.port
    controller.stop()


def test_an_invitation_arrives_by_mail_and_its_link_makes_an_agent(boss, role_ids, postbox, settings, link_key):
    received, port = postbox[0].received, postbox[1]
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.CARELINE_BASE_URL = "https://care.harbor.example"
    team = actions.create_team("Returns", actor=boss)

    invited = actions.invite("Noor@Lighthouse.example ", actor=boss, role_id=role_ids["agent"], team_id=team.pk)
    assert invited.unsent is None
    [(recipients, letter)] = received
    assert recipients == ["noor@lighthouse.example"]
    assert "Harbor Goods" in letter["subject"]
    body = letter.get_content()
    assert "Rosa Varga" in body
    assert invited.link in body
    assert invited.link.startswith("https://care.harbor.example/invitations/")

    key = link_key(body)
    assert queries.invitation_of(key).email == "noor@lighthouse.example"
    agent = actions.accept_invitation(key, name="Noor Haddad", password=PHRASE, language="ar", zone="Asia/Amman")
    assert (agent.email, agent.role.name, agent.language) == ("noor@lighthouse.example", "agent", "ar")
    assert agent.invited_at is not None
    assert agent.joined_at >= agent.invited_at
    assert TeamMember.objects.filter(agent=agent, team=team).exists()
    assert actions.sign_in("noor@lighthouse.example", PHRASE, address="127.0.0.1").agent_id == agent.pk


def test_the_key_itself_is_nowhere_in_the_database(boss, role_ids, letters, link_key):
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    key = link_key(invited.link)
    row = Invitation.objects.values().get(pk=invited.id)
    assert all(key not in str(value) for value in row.values())
    assert all(key not in str(entry) for entry in AuditEntry.objects.values())


def test_a_link_works_once(boss, role_ids, letters, link_key):
    key = link_key(actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).link)
    actions.accept_invitation(key, name="Noor", password=PHRASE)
    with pytest.raises(NotVisible):
        actions.accept_invitation(key, name="Mallory", password=PHRASE)
    with pytest.raises(NotVisible):
        queries.invitation_of(key)


def test_a_weak_password_does_not_use_the_link_up(boss, role_ids, letters, link_key):
    key = link_key(actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).link)
    with pytest.raises(Refused) as refused:
        actions.accept_invitation(key, name="Noor", password="short")
    assert refused.value.field == "password"
    assert actions.accept_invitation(key, name="Noor", password=PHRASE).is_active


def test_a_link_works_for_a_week(boss, role_ids, letters, link_key):
    key = link_key(actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).link)
    for days, works in ((6.9, True), (7.1, False)):
        with time_machine.travel(Invitation.objects.get().created_at + timedelta(days=days)):
            if works:
                assert queries.invitation_of(key).email == "noor@harbor.example"
            else:
                with pytest.raises(NotVisible):
                    queries.invitation_of(key)
                with pytest.raises(NotVisible):
                    actions.accept_invitation(key, name="Noor", password=PHRASE)


def test_sending_it_again_makes_a_new_link_and_ends_the_old_one(boss, role_ids, letters, link_key):
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    again = actions.resend_invitation(invited.id, actor=boss)
    assert [letter.to for letter in letters] == ["noor@harbor.example"] * 2
    with pytest.raises(NotVisible):
        queries.invitation_of(link_key(invited.link))
    assert queries.invitation_of(link_key(again.link)).pk == invited.id


def test_a_revoked_invitation_is_gone(boss, role_ids, letters, link_key):
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    assert [row.email for row in queries.invitations(boss)] == ["noor@harbor.example"]
    actions.revoke_invitation(invited.id, actor=boss)
    assert not queries.invitations(boss).exists()
    with pytest.raises(NotVisible):
        queries.invitation_of(link_key(invited.link))
    with pytest.raises(NotVisible):
        actions.resend_invitation(invited.id, actor=boss)


def test_an_accepted_invitation_can_be_neither_sent_again_nor_revoked(boss, role_ids, letters, link_key):
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    actions.accept_invitation(link_key(invited.link), name="Noor", password=PHRASE)
    for verb in (actions.resend_invitation, actions.revoke_invitation):
        with pytest.raises(NotVisible):
            verb(invited.id, actor=boss)


def test_nobody_is_invited_twice_or_while_working_here(boss, bo, role_ids, letters):
    actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    with pytest.raises(Conflicting, match="already invited"):
        actions.invite("NOOR@harbor.example", actor=boss, role_id=role_ids["agent"])
    with pytest.raises(Conflicting, match="already an agent"):
        actions.invite("bo@harbor.example", actor=boss, role_id=role_ids["agent"])
    actions.deactivate(bo.agent_id, actor=boss)
    with pytest.raises(Conflicting, match="reactivate"):
        actions.invite("bo@harbor.example", actor=boss, role_id=role_ids["agent"])
    assert len(letters) == 1


def test_a_mail_server_that_is_away_leaves_the_invitation_and_says_so(boss, role_ids, settings, link_key):
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    invited = actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    assert invited.unsent is not None
    assert "could not be sent" in invited.unsent
    assert queries.invitation_of(link_key(invited.link)).pk == invited.id


def test_an_invitation_is_written_in_the_organizations_language(boss, role_ids, letters, organization):
    organization.languages = ["tlh", "ar"]
    organization.save()
    actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"])
    assert "Harbor Goods" in letters[0].subject


def test_nobody_invites_to_more_than_they_may_themselves(hire, role_ids, letters):
    admin = hire("Ana Prieto", role="admin").as_actor()
    with pytest.raises(NotAllowed, match="create and change roles"):
        actions.invite("noor@harbor.example", actor=admin, role_id=role_ids["owner"])
    actions.invite("noor@harbor.example", actor=admin, role_id=role_ids["admin"])
    assert len(letters) == 1


def test_what_is_not_there_is_said(boss, letters, role_ids):
    with pytest.raises(NotVisible, match="no such role"):
        actions.invite("noor@harbor.example", actor=boss, role_id=10**9)
    with pytest.raises(NotVisible, match="no such team"):
        actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"], team_id=10**9)
    with pytest.raises(Refused, match="email address"):
        actions.invite("noor", actor=boss, role_id=role_ids["agent"])
    assert not letters


def test_of_two_uses_of_one_link_at_the_same_moment_one_works(transactional_db, boss, role_ids, letters, link_key):
    key = link_key(actions.invite("noor@harbor.example", actor=boss, role_id=role_ids["agent"]).link)
    answers = together(
        lambda: actions.accept_invitation(key, name="Noor", password=PHRASE),
        lambda: actions.accept_invitation(key, name="Mallory", password=PHRASE),
    )
    assert {type(answer) for answer in answers} == {Agent, NotVisible}
    assert Agent.objects.filter(email="noor@harbor.example").count() == 1
