"""Keys of other systems are kept as digests: they may name somebody, and a repetition is known by its digest as well."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('touchpoints', '0002_story'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE touchpoints_seen SET key = left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 32)",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
