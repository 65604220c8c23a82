"""How hard the last moments were, beside how they felt: one level for each point of the short form."""

import django.contrib.postgres.fields
from django.db import migrations, models

# For who has a line already: as the subscriber keeps it from now on.
KEEP = """
UPDATE customers_person p SET efforts = k.efforts FROM (
  SELECT o.owner, array_agg(t.level ORDER BY t.occurred_at, t.id) AS efforts
  FROM (
    SELECT DISTINCT coalesce(g.canonical_id, g.id) AS owner
    FROM touchpoints_touchpoint e JOIN customers_person g ON g.id = e.person_id WHERE e.kind = 'effort.counted') o
  CROSS JOIN LATERAL (
    SELECT n.occurred_at, n.id, ((n.total >= 1)::int + (n.total >= 2)::int + (n.total >= 4)::int)::smallint AS level
    FROM (
      SELECT m.occurred_at, m.id, CASE WHEN m.kind = 'conversation.opened' THEN coalesce((
        SELECT (c.facts->>'effort')::int FROM touchpoints_touchpoint c
        WHERE c.journey = m.journey AND c.occurred_at >= m.occurred_at AND c.kind = 'effort.counted'
        ORDER BY c.occurred_at DESC, c.id DESC LIMIT 1), 0) ELSE 0 END AS total
      FROM touchpoints_touchpoint m JOIN customers_person h ON h.id = m.person_id
      WHERE coalesce(h.canonical_id, h.id) = o.owner AND m.kind IN ('conversation.opened', 'order.placed',
        'order.delivered', 'visit.checked-in', 'survey.answered', 'moment.added')
      ORDER BY m.occurred_at DESC, m.id DESC LIMIT 8) n) t
  GROUP BY o.owner) k
WHERE p.id = k.owner AND p.erased_at IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0008_companies_in_companies'),
        ('touchpoints', '0003_digests_of_seen_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='efforts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.RemoveConstraint(
            model_name='person',
            name='person_is_a_bare_shell_when_erased',
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop, elidable=True),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('attributes', {}), ('efforts', []), ('language', ''), ('name', ''), ('scrap', []), ('search', ''), ('zone', '')), _connector='OR'), name='person_is_a_bare_shell_when_erased'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('efforts__contained_by', [0, 1, 2, 3]), ('efforts__len__lte', 8)), name='person_efforts_are_few_and_within_range'),
        ),
    ]
