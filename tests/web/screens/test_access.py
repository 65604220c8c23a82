"""Every screen in a real browser, in each of its states: no rule of access is broken, nothing runs that is not ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser import PATIENCE
from tests.house import House, own_database
from tests.web.screens.surveying import INSIDE, OPEN
from tests.web.test_look import AXE, violations

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("CARELINE_SHOTS")
# Width, what the browser prefers, the agent's language.
PLAIN = (1280, "light", "no-preference", "en")
VARIANTS = [
    (1280, "dark", "no-preference", "en"), (390, "light", "no-preference", "en"),
    (1280, "light", "no-preference", "ar"), (390, "dark", "no-preference", "ar"), (1280, "light", "more", "en"),
]  # fmt: skip
SETTINGS = (
    "organization",
    "agents",
    "teams",
    "roles",
    "attributes",
    "purposes",
    "contact",
    "queues",
    "queues/queue",
    "skills",
    "statuses",
    "inboxes",
    "tokens",
    "voice",
    "sources",
    "rules",
    "audit",
    "analysis",
    "replies",
    "retention",
    "suppressions",
    "imports",
    "own",
)


@pytest.fixture(scope="module")
def mirror(chromium, house):
    """`mirror(staff, variant)` is one page for all that somebody looks at: it learns the rules of access only once."""
    kept = {}

    def mirror(staff, variant):
        key = (staff and staff.session, variant)
        if key not in kept:
            context = chromium.new_context(**options(*variant), timezone_id="UTC")
            context.set_default_timeout(PATIENCE)
            context.add_init_script(AXE)
            if staff is not None:
                context.add_cookies([{"name": "careline_session", "value": staff.session, "url": house.url}])
            page = kept[key] = context.new_page()
            page.trouble = []
            page.on("console", lambda said: page.trouble.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page = kept[key]
        page.set_viewport_size(options(*variant)["viewport"])
        page.trouble.clear()
        return page

    yield mirror
    for page in kept.values():
        page.context.close()


def pages(scene) -> dict[str, tuple[str, str]]:
    """Every address by name, and who looks at it."""
    desk = f"/desk/{scene['opened']}"
    found = {
        "sign-in": ("", "/sign-in"), "forgotten": ("", "/forgotten"), "not-found": ("", "/no/such/page"),
        "chat": ("", f"/chat/{scene['chat'].key}"), "reset-gone": ("", "/resets/no-such-link"),
        "form": ("", scene["form"]), "form-sent": ("", f"{scene['form']}/sent"),
        "inbox-form": ("owner", scene["formbox"]),
        "leaving": ("", scene["leave"]), "leaving-nothing": ("", scene["nothing"]), "leaving-gone": ("", "/o/no-such"),
        "invitation-gone": ("", "/invitations/no-such-link"), "api-docs": ("", "/api/v1/docs"),
        "desk-full": ("owner", "/desk?view=all"), "desk-opened": ("owner", desk),
        "desk-empty": ("idle", "/desk?view=all"),
        "desk-resolved": ("owner", "/desk?view=resolved"), "desk-gone": ("owner", "/desk/999999"),
        "desk-silly": ("owner", "/desk/rows?before=silly"), "customers": ("owner", "/customers"),
        "customers-none": ("owner", "/customers?q=zzzz"), "customer": ("owner", f"/customers/{scene['customer']}"),
        "customer-bare": ("owner", scene["nobody"]), "customer-new": ("owner", "/customers/new"),
        "desk-attributes": ("owner", f"{desk}/attributes"), "desk-arranging": ("owner", f"{desk}/arranging"),
        "desk-people": ("owner", f"{desk}/people"),
        "customers-where": ("owner", "/customers?where=seats:to:3&where=tier:set"),
        "customers-where-wrong": ("owner", "/customers?where=shoe:is:3"),
        "inbox-begin": ("owner", "/settings/inboxes/new/email"), "inbox-mail": ("owner", scene["mailbox"]),
        "inbox-connection": ("owner", f"{scene['mailbox']}/connection"),
        "inbox-records": ("owner", f"/settings/inboxes/{scene['chat'].id}/records"),
        "customer-gone": ("owner", "/customers/999999"), "inbox": ("owner", f"/settings/inboxes/{scene['chat'].id}"),
        "not-allowed": ("idle", "/settings/roles"), "merge": ("owner", scene["merge"]),
        "merge-search": ("owner", f"{scene['merge'].partition('?')[0]}?q=guest"),
        "customer-talk": ("owner", f"/customers/{scene['customer']}?about=conversation:{scene['opened']}"),
        "customer-joined": ("owner", f"/customers/{scene['joined']}"),
        "suggestions": ("owner", "/customers/suggestions"),
        "firms": ("owner", "/customers/companies"), "firms-none": ("owner", "/customers/companies?q=zzzz"),
        "firm": ("owner", scene["firm"]), "firm-part": ("owner", scene["part"]),
        "firm-new": ("owner", "/customers/companies/new"),
        "import": ("owner", "/customers/import"), "import-looked": ("owner", scene["import"]),
        "import-profiles": ("owner", scene["profiles"]),
        "segments": ("owner", "/customers/segments"), "segment": ("owner", scene["segment"]),
        "segment-new": ("owner", "/customers/segments/new"), "customers-segment": ("owner", scene["among"]),
        "traits": ("owner", "/customers/traits"), "trait": ("owner", scene["trait"]),
        "trait-new": ("owner", "/customers/traits/new"),
        "source": ("owner", scene["source"]), "erasure": ("owner", f"/customers/{scene['customer']}/erasure"),
        "retention-looked": ("owner", "/settings/retention?kind=raw&days=3"),
        "invitation": ("", scene["invitation"]), "reset": ("", scene["reset"]),
    }  # fmt: skip
    found |= {name: ("" if name in OPEN else "owner", address) for name, address in scene["surveys"].items()}
    found |= {f"desk-{view}": ("owner", f"/desk?view={view}") for view in ("followed", "snoozed", "spam", "trash")}
    found |= {
        "contact-rule": ("owner", "/settings/contact/rule?name=surveys"),
        "contact-trial": ("owner", f"/settings/contact?customer={scene['customer']}&purpose=surveys&channel=email"),
    }
    return found | {f"settings-{name}": ("owner", f"/settings/{name}") for name in SETTINGS}


NAMES = [
    "sign-in", "forgotten", "not-found", "chat", "reset-gone", "invitation-gone", "api-docs", "desk-full",
    "desk-opened", "desk-empty", "desk-resolved", "desk-attributes", "desk-arranging", "desk-people", "desk-gone",
    "desk-silly", "customers", "customers-where", "customers-where-wrong", "customers-none",
    "customer", "customer-bare", "customer-new", "customer-gone", "inbox", "not-allowed", "merge", "merge-search",
    "customer-talk", "customer-joined", "suggestions", "firms", "firms-none", "firm", "firm-part", "firm-new", "import",
    "import-looked", "import-profiles", "source", "segments", "segment", "segment-new", "customers-segment",
    "traits", "trait", "trait-new",
    "leaving", "leaving-nothing", "leaving-gone",
    "erasure", "retention-looked", "inbox-begin", "inbox-mail", "inbox-connection", "inbox-records",
    "form", "form-sent", "inbox-form",
    *(f"settings-{name}" for name in SETTINGS), "contact-rule", "contact-trial", *OPEN, *INSIDE,
]  # fmt: skip
# Shapes of screens above, looked at in plain dress alone.
ONCE = ["invitation", "reset", "desk-followed", "desk-snoozed", "desk-spam", "desk-trash"]


def options(width, theme, contrast, language):
    return {
        "viewport": {"width": width, "height": 844 if width < 500 else 800}, "color_scheme": theme,
        "contrast": contrast, "locale": {"en": "en-GB"}.get(language, language), "reduced_motion": "reduce",
    }  # fmt: skip


def look(page, name, width=1280, theme="light", contrast="no-preference", language="en"):
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(150)
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}-{contrast}-{language}.png")
    wrong = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("the page scrolls sideways")
    return wrong


def visited(mirror, scene, firm, name, variant):
    """Trouble of one screen; an answer that is not 200 is told in the console and is no trouble."""
    who, address = pages(scene)[name]
    page = mirror({"owner": firm.owner, "idle": scene["idle"], "": None}[who], variant)
    page.goto(firm.house.url + address)
    wrong = look(page, name, *variant)
    if variant == PLAIN:
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append("at 320 pixels the page scrolls sideways")
    told = [said for said in page.trouble if "Failed to load resource" not in said]
    return [f"{name}: {one}" for one in [*wrong, *told]]


def test_every_screen_has_its_turn(scene):
    assert sorted(NAMES + ONCE) == sorted(pages(scene))


# One of each shape in every run; the long one looks at them all.
SHAPES = (
    "sign-in", "chat", "form", "desk-full", "desk-opened", "desk-empty", "customers", "customers-segment", "customer",
    "merge", "segment-new", "trait", "import-looked", "inbox", "inbox-mail", "inbox-connection", "leaving",
    "settings-organization", "settings-agents", "settings-analysis", "settings-audit", "not-found",
    "survey", "survey-plans", "survey-plan", "survey-answers", "survey-results", "s", "s-grid", "s-rank",
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SHAPES else pytest.mark.long) for name in NAMES + ONCE]
)
def test_a_screen_breaks_no_rule(mirror, scene, firm, name):
    assert visited(mirror, scene, firm, name, PLAIN) == []


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: "-".join(map(str, variant)))
def test_no_screen_breaks_a_rule_in_any_dress(mirror, scene, firm, variant):
    dressed(scene, firm, variant[3])
    try:
        assert [one for name in NAMES for one in visited(mirror, scene, firm, name, variant)] == []
    finally:
        dressed(scene, firm, "en")


def dressed(scene, firm, language):
    for staff, name in ((firm.owner, "Rosa Varga"), (scene["idle"], "Ida Free")):
        staff.must(
            "/settings/own", what="profile", name=name, language=language, zone="UTC", theme="system",
            density="comfortable",
        )  # fmt: skip


FORMS = {
    "/sign-in": {"email": "nobody@harbor.example", "password": "wrong"},
    "/customers/new": {"email": "not an address"},
    "/settings/organization": {"what": "firm", "name": ""},
    "/settings/agents": {"what": "invite", "email": "not an address", "role": "1"},
    "/settings/teams": {"what": "create", "name": ""},
    "/settings/roles": {"what": "create", "name": ""},
    "/settings/inboxes": {"what": "create", "kind": "webchat", "name": ""},
    "/settings/tokens": {"what": "create", "name": ""},
    "/settings/own": {"what": "password", "current": "wrong", "password": "short"},
}
SUBMIT = """([path, fields]) => { const form = document.createElement('form'); form.method = 'post'; form.action = path;
  const key = document.querySelector('[name=csrfmiddlewaretoken]').value;
  for (const [name, value] of Object.entries({...fields, csrfmiddlewaretoken: key})) {
    const input = document.createElement('input'); input.type = 'hidden'; input.name = name; input.value = value;
    form.append(input); }
  document.body.append(form); form.submit(); }"""


@pytest.mark.parametrize(
    "path", [pytest.param(path, marks=[] if number % 4 == 0 else pytest.mark.long) for number, path in enumerate(FORMS)]
)
def test_a_refused_form_says_why_and_breaks_no_rule(mirror, firm, path):
    page = mirror(None if path == "/sign-in" else firm.owner, PLAIN)
    page.goto(firm.house.url + path)
    with page.expect_navigation():
        page.evaluate(SUBMIT, [path, FORMS[path]])
    assert page.locator(".error, .banner.stop, [role=alert]").first.is_visible()
    wrong = look(page, f"refused{path.replace('/', '-')}")
    assert wrong + [said for said in page.trouble if "Failed to load resource" not in said] == []


@pytest.mark.long
def test_a_chat_and_a_desk_without_a_line_say_so(window, scene, firm):
    for staff, address in ((None, f"/chat/{scene['chat'].key}"), (firm.owner, f"/desk/{scene['opened']}")):
        page = window(staff, **options(*PLAIN))
        page.route_web_socket("**/ws/**", lambda socket: socket.close())
        page.goto(firm.house.url + address)
        page.get_by_text("Not connected.").wait_for()
        assert look(page, f"away{address.split('/')[1]}") == []
        page.trouble.clear()


def test_the_chat_with_words_breaks_no_rule(window, scene, firm):
    for variant in (PLAIN, (390, "dark", "no-preference", "ar")):
        page = window(**options(*variant))
        page.goto(f"{firm.house.url}/chat/{scene['chat'].key}")
        page.fill("#say-text", "Hello, is the blue pan back? https://example.org/blue")
        page.press("#say-text", "Enter")
        page.locator("#messages .incoming:not(.is-waiting)").wait_for()
        assert look(page, "chat-full", *variant) == []


@pytest.mark.long
def test_the_first_run_breaks_no_rule(window, tmp_path, server_url, worker_name, template):
    for database_url in own_database(server_url, f"{worker_name}_first", template):
        house = House(tmp_path, database_url)
        try:
            house.up()
            page = window(**options(*PLAIN))
            page.goto(house.url)
            assert page.url.endswith("/set-up")
            assert look(page, "set-up") == []
            page.evaluate(SUBMIT, ["/set-up", {"email": "x"}])
            page.locator(".error").first.wait_for()
            assert look(page, "refused-set-up") == []
            page.trouble.clear()
        finally:
            house.stop()
