"""What the program is told to write of one person, run inside a place by `careline shell`; marks come in as JSON."""

import re

SET_UP = r"""
import json
from careline.accounts import actions as agents
from careline.channels import actions as inboxes
from careline.tracking import actions as tracking
from careline.customers import actions as people

owner = agents.set_up(
    organization_name="Harbor Goods", name="Rosa", email="rosa@harbor.example", password="correct horse battery staple"
)
boss = owner.as_actor(())
chat = inboxes.create_inbox(actor=SYSTEM, kind="webchat", name="Shop", key="shop-chat")
partner = inboxes.create_inbox(actor=SYSTEM, kind="api", name="Partner", key="partner",
                               settings={"url": "https://partner.example/in"})
source = tracking.create_source("Site", "client", actor=SYSTEM, key="site-key")
people.define_attribute("plan", actor=SYSTEM, label="Plan", type="text")
people.define_attribute("matter", actor=SYSTEM, label="Matter", type="text", of="conversation")
TOLD = []
"""

# Everything a person can be written into. `at` names the marks.
WRITE = r"""
import json, sys, time
from careline.contact import actions as contact
from careline.accounts import idempotency
from careline.accounts.actor import Actor
from careline.channels import actions as inboxes
from careline.channels import inbound
from careline.channels import queries as channels
from careline.channels.models import Inbox
from careline.customers import actions as people
from careline.customers import traits
from careline.accounts.models import Agent
from careline.customers.identities import Given
from careline.files import actions as files
from careline.kit import clock, signing
from django.db import connection
from careline.service.conversations import actions as talk
from careline.service.conversations.hot.words import who
from careline.service.conversations.models import Conversation
from careline.touchpoints.models import Parked, Touchpoint
from careline.tracking import hot, reading

chat, partner = (Inbox.objects.get(kind=kind).pk for kind in ("webchat", "api"))
boss = Agent.objects.get(email="rosa@harbor.example").as_actor((chat, partner))

person = people.find_or_create(
    [Given("email", at["email"] + "@example.net"), Given("external", at["external"])], actor=SYSTEM, name=at["name"]
).person
people.set_attributes(person.pk, {"plan": at["attribute"]}, actor=boss)
traits.set(person.pk, "segment", at["trait"], actor=SYSTEM)
people.add_note(person.pk, at["note"], actor=boss)
people.rename(person.pk, at["name"] + " " + at["second name"], actor=boss)

# Words in the chat, with their raw frame, a file and a subject; notes, tags and system lines about them.
file = files.store(b"%PDF-1.4 " + at["file"].encode(), name=at["file name"] + ".pdf", person_id=person.pk,
                   uploaded_by=at["uploader"])
said = talk.receive(
    actor=Actor.customer(person.pk, chat), inbox_id=chat, person=who(external_id=at["external"]), files=[file],
    body=at["message"], subject=at["subject"], client_id=at["client id"],
    raw=json.dumps({"type": "message", "body": at["raw frame"]}).encode(),
)
talk.note(said.conversation_id, actor=boss, body=at["team note"])
talk.describe(said.conversation_id, {"matter": at["matter"]}, actor=boss)
talk.tag(said.conversation_id, actor=boss, tags=[at["tag"]])
long = talk.reply(said.conversation_id, actor=boss, body=at["reply"] + " and so on" * 3000 + at["end of reply"])
# A message changed its preview: old rows lie about.
talk.receive(actor=Actor.customer(person.pk, chat), inbox_id=chat, person=who(external_id=at["external"]),
             body=at["second message"])

# What a provider delivered, and an answer waiting for one.
def deliver(body, key):
    raw = json.dumps(body).encode()
    stamp = int(time.time())
    signature = signing.standard_webhooks_sign(channels.endpoint(partner).secret, key, stamp, raw)
    inbound.accept("api", "partner", raw, {
        "webhook-id": key, "webhook-timestamp": str(stamp), "webhook-signature": signature, "x-who": at["header"]})
deliver({"id": at["external id"], "from": {"external_id": at["external"], "name": at["name"]}, "body": at["delivered"]},
        at["delivery key"])
while not (mine := Conversation.objects.filter(person=person, inbox=partner).first()):
    time.sleep(0.1)
talk.reply(mine.pk, actor=boss, body=at["outgoing"])

# Events: properties, page, referrer, an order with its number, names of journeys; one that repeats and one refused.
site = hot.source_of("site-key")
def track(*events):
    request = reading.opened(json.dumps({"batch": events}).encode(), is_batch=True)
    return hot.take(site, request, type="", received_at=clock.now())
me = {"userId": at["external"], "anonymousId": at["device"]}
track(
    {"type": "page", "messageId": at["message id"], **me, "name": at["page name"],
     "properties": {"url": "https://shop.example/" + at["url"],
                    "referrer": "https://search.example/?q=" + at["referrer"], "title": at["title"],
                    "deep": {"er": [at["property"]]}}},
    {"type": "track", "event": "Feature Used", **me, "properties": {"what": at["track property"]}},
    {"type": "track", "event": "Order Completed", **me,
     "properties": {"order_id": at["order"], "total": 19.99, "currency": "EUR", "products": [{"name": at["product"]}]}},
    {"type": "identify", **me, "traits": {"color": at["identify trait"]}},
    {"type": "group", **me, "groupId": f"firm-{person.pk}", "traits": {"name": "A firm"}},
    {"type": "alias", "userId": at["external"], "previousId": at["previous"]},
    {"type": "track", **me, "properties": {"refused": at["refused event"]}},
    # Of whom these are, nobody can say; and one of somebody else that names them.
    {"type": "track", "properties": {"said": at["nobodys event"]}},
    {"type": "track", "properties": {"said": at["long event"], "more": "x" * 9000}, **me},
    {"type": "identify", "userId": f"stranger-{person.pk}", "traits": {"email": at["email"] + "@example.net"}},
)
track({"type": "page", "messageId": at["message id"], **me, "properties": {"again": at["repeated"]}})

# Beside: a hold with a reason, an answer to an API client, a reaction that failed over the words.
contact.hold(person.pk, at["hold reason"], until=None, actor=boss)
idempotency.once(1, f"key-{person.pk}", "x" * 64, lambda: (
    201, json.dumps({"id": str(person.pk), "name": at["kept answer"]}, separators=(",", ":")).encode()))
moment = Touchpoint.objects.filter(person_id=person.pk).first()
Parked.objects.create(subscriber="x", touchpoint_id=moment.id, occurred_at=moment.occurred_at,
                      error="ValueError: " + at["error"])
with connection.cursor() as cursor:  # so that the planner knows values
    cursor.execute("ANALYZE")
TOLD.append(person.pk)
print(json.dumps(TOLD))
"""

# Wherever the story has a mark.
PLACES = sorted(set(re.findall(r'at\["([a-z ]+)"\]', WRITE)))
