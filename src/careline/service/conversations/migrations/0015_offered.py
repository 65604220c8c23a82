"""A bot's words may offer something beside them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0009_bot'),
        ('conversations', '0014_by_team'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_system_line_has_its_event',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('kind', 'system')), models.Q(models.Q(('kind', 'system'), _negated=True), ('event__isnull', True)), models.Q(('author_kind', 'bot'), ('kind', 'reply')), _connector='OR'), name='message_system_line_has_its_event'),
        ),
    ]
