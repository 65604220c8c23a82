"""Who else is there, beside the thread: copies that stay, and colleagues who follow."""

from __future__ import annotations

import json

import pytest

from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Follower
from tests.web.desk.test_mail import PIECE, mail, mailbox

__all__ = ["mail", "mailbox"]

pytestmark = pytest.mark.django_db


def part(answer) -> str:
    return answer.content.decode().partition('id="talk-people"')[2].partition("</section>")[0]


def test_whoever_is_in_copy_stands_beside_the_thread_each_with_a_way_out(mail, boss, browser_of):
    shown = part(browser_of(boss).get(f"/desk/{mail.pk}", headers=PIECE))
    assert '<bdi class="clip" title="charles@example.com">Charles, the first</bdi>' in shown
    assert 'name="remove" value="charles@example.com"' in shown
    assert "help@shop.example" not in shown


def test_copies_are_changed_by_script_and_without(mail, boss, browser_of):
    browser, at = browser_of(boss), f"/desk/{mail.pk}/people"
    drawn = browser.post(at, {"remove": "charles@example.com"}, headers=PIECE)
    assert drawn.status_code == 200
    assert "Charles" not in part(drawn)
    gone = browser.post(at, {"add": "Lin Osei <lin@example.com>; bo@example.com"})
    assert (gone.status_code, gone["Location"]) == (302, at)
    whole = browser.get(at).content.decode()
    assert 'name="csrfmiddlewaretoken"' in whole
    assert "Lin Osei" in whole
    assert "bo@example.com" in whole
    line = browser.get(f"/desk/{mail.pk}", headers=PIECE).content.decode()
    assert "Rosa Varga changed who is in copy" in line
    assert 'value="bo@example.com, Lin Osei &lt;lin@example.com&gt;"' in line.partition('id="reply-cc"')[2][:400]


def test_what_is_no_address_is_told_at_its_field_and_kept_there(mail, boss, browser_of):
    answer = browser_of(boss).post(f"/desk/{mail.pk}/people", {"add": "lin@example.com, nobody"}, headers=PIECE)
    assert answer.status_code == 422
    assert "“nobody” does not look like an email address." in part(answer)
    assert 'value="lin@example.com, nobody"' in part(answer)
    assert list(Conversation.objects.get().copies) == ["help@shop.example", "charles@example.com"]


def test_a_colleague_follows_by_button_and_takes_it_back(conversation, bo, cy, browser_of):
    actions.follow(conversation.pk, actor=cy)
    browser, at = browser_of(bo), f"/desk/{conversation.pk}/follow"
    drawn = browser.put(at, headers=PIECE)
    assert '<span class="chip">You</span><span class="chip"><bdi class="clip">Cy Okafor</bdi></span>' in part(drawn)
    toast = json.loads(drawn["HX-Trigger"])["careline:toast"]
    assert toast["undo"] == f"{at}?undo=1"
    assert browser.post(toast["undo"], headers=PIECE).status_code == 204
    assert list(Follower.objects.values_list("agent_id", flat=True)) == [cy.agent_id]
    assert browser.post(at)["Location"] == f"/desk/{conversation.pk}/people"
    assert "Unfollow" in part(browser.get(f"/desk/{conversation.pk}/people"))
    assert "Follow" in part(browser.delete(at, headers=PIECE))
    assert "In copy" not in part(browser.get(f"/desk/{conversation.pk}", headers=PIECE))


def test_whoever_only_looks_may_follow_and_sees_who_is_in_copy(mail, mailbox, hire, browser_of):
    looks = hire("Ana Lyst", role="analyst").as_actor((mailbox.pk,))
    shown = part(browser_of(looks).get(f"/desk/{mail.pk}", headers=PIECE))
    assert "Charles, the first" in shown
    assert 'name="remove"' not in shown
    assert 'id="follow"' in shown
    assert browser_of(looks).put(f"/desk/{mail.pk}/follow", headers=PIECE).status_code == 200
    assert browser_of(looks).post(f"/desk/{mail.pk}/people", {"add": "a@example.com"}).status_code == 403


def test_the_view_of_what_one_follows(conversation, cy, browser_of):
    browser = browser_of(cy)
    assert "You follow nothing that is open" in browser.get("/desk?view=followed").content.decode()
    actions.follow(conversation.pk, actor=cy)
    assert f'id="conversation-{conversation.pk}"' in browser.get("/desk?view=followed").content.decode()
