"""The house's own rules: the house keeps them, and each sees what it is there to see."""

from __future__ import annotations

import pytest

from tools.lint import modules, styles, templates
from tools.lint.__main__ import PARTS, findings
from tools.lint.finding import Source

SEEN = [
    (modules.foreign_writes, "contact/actions.py", "from careline.customers.models import Person\nPerson.objects.create()"),
    (modules.foreign_writes, "contact/actions.py", "from careline.customers import models\nmodels.Person.objects.bulk_create([])"),
    (modules.foreign_writes, "service/conversations/x.py", "from careline.service.sla.models import Clock\nClock().save()"),
    (modules.foreign_writes, "web/x.py", "from careline.accounts.models import Agent\na = Agent.objects.get()\na.save()"),
    (modules.foreign_writes, "web/x.py", "from careline.accounts.models import Agent\nAgent.objects.filter(x=1).update(y=2)"),
    (modules.prints, "web/x.py", "print('here')"),
    (modules.banned_names, "web/utils.py", ""),
    (modules.banned_names, "web/message_handler/x.py", ""),
    (modules.banned_names, "web/x.py", "def do_it(): ..."),
    (modules.banned_names, "web/x.py", "def process_message(): ..."),
    (modules.banned_names, "web/x.py", "class MessageManager: ..."),
    (modules.deep_jobs, "accounts/jobs.py", "def tidy():\n    x = 1\n    sweep(x)"),
    (modules.deep_jobs, "accounts/jobs.py", "def tidy():\n    for x in y:\n        sweep(x)"),
    (modules.notifies, "contact/actions.py", "sql = 'SELECT pg_notify(%s, %s)'"),
    (modules.notifies, "contact/actions.py", "sql = 'NOTIFY news'"),
    (modules.untranslated_refusals, "contact/actions.py", "raise Refused('Choose a time.')"),
    (modules.untranslated_refusals, "contact/actions.py", "raise refusals.NotVisible(f'There is no {thing}.')"),
    (modules.untranslated_refusals, "web/x.py", "raise NotOpen('It is in %s.' % state)"),
    (modules.untranslated_refusals, "web/x.py", "raise NotOpen('It is in {}.'.format(state))"),
    (modules.untranslated_refusals, "web/x.py", "NOBODY = 'Nobody is there.'\nraise Refused(NOBODY, field='who')"),
    (modules.untranslated_refusals, "web/x.py", "class Late(NotOpen): ...\nraise AlreadyResolved('It is too late.')"),
    (templates.unexplained_partials, "web/templates/_row.html", "<p></p>"),
    (templates.unexplained_partials, "web/templates/_row.html", "{# A row. #}<p></p>"),
    (templates.inline_code, "web/templates/x.html", "<p style='color: red'>"),
    (templates.inline_code, "web/templates/x.html", "<p {% if x %}class=\"a > b\"{% endif %}\n  onclick=\"go()\">"),
    (templates.inline_code, "web/templates/x.html", "<script>go()</script>"),
    (templates.inline_code, "web/templates/x.html", "<style>p {}</style>"),
    (styles.physical_sides, "web/static/x.css", "p { margin-left: 1px }"),
    (styles.physical_sides, "web/static/x.css", "p{left:0}"),
    (styles.physical_sides, "web/static/x.css", "p { border-top-right-radius: 1px }"),
    (styles.physical_sides, "web/static/x.css", "p { text-align: right }"),
    (styles.physical_sides, "web/static/x.css", "p { padding: 1px 2px 3px calc(4px + 1px) }"),
]  # fmt: skip

PASSED = [
    (modules.foreign_writes, "customers/actions.py", "from careline.customers.models import Person\nPerson.objects.create()"),
    (modules.foreign_writes, "contact/queries.py", "from careline.customers.models import Person\nPerson.objects.filter().first()"),
    (modules.banned_names, "web/x.py", "def processed(): ..."),
    (modules.banned_names, "config/environment.py", "def data_folder(): ..."),
    (modules.deep_jobs, "accounts/jobs.py", "def tidy():\n    '''Why.'''\n    from x import y\n    y.sweep()"),
    (modules.notifies, "contact/actions.py", "'''Nothing here sends NOTIFY now.'''"),
    (modules.notifies, "kit/bus.py", "sql = 'SELECT pg_notify(%s, %s)'"),
    (modules.untranslated_refusals, "contact/actions.py", "raise Refused(_('Choose one of %(these)s.') % {'these': these})"),
    (modules.untranslated_refusals, "contact/actions.py", "raise Refused(f'{sentence} {why}'.strip(), field=name)"),
    (modules.untranslated_refusals, "contact/actions.py", "raise Refused(str(error)) from error"),
    (modules.untranslated_refusals, "contact/actions.py", "raise RuntimeError('No touchpoint without a transaction.')"),
    (modules.untranslated_refusals, "cli/x.py", "raise Refused('There is no such file.')"),
    (templates.unexplained_partials, "web/templates/_row.html", "{# A row. Needs: row. #}\n<p></p>"),
    (templates.unexplained_partials, "web/templates/page.html", "<p></p>"),
    (templates.inline_code, "web/templates/x.html", "{# <p style='x'> #}<p data-x=\"style='a'\" class=\"on\">"),
    (templates.inline_code, "web/templates/x.html", "<script src=\"/a.js\" defer></script><script type=\"application/json\">1</script>"),
    (styles.physical_sides, "web/static/x.css", "p { margin-inline-start: 1px; inset-inline-end: 0; margin: 1px 2px 3px 2px }"),
    (styles.physical_sides, "web/static/x.css", "/* left: 0 */ .left { text-align: start; --left: 1px }"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "text"), SEEN)
def test_a_rule_sees_what_it_is_there_to_see(rule, path, text):
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), PASSED)
def test_a_rule_lets_the_right_thing_pass(rule, path, text):
    assert not list(rule(Source(path, text)))


def test_the_house_keeps_its_own_rules():
    assert [str(finding) for finding in findings()] == []


def test_every_rule_has_been_seen_to_fail():
    assert {rule for _pattern, rules in PARTS for rule in rules} == {rule for rule, *_rest in SEEN}
