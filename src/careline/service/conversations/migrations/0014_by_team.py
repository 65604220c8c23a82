"""Conversations of a team are read like those of an inbox: the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0013_where_words_go")]

    operations = [
        migrations.RemoveIndex("conversation", "conversation_by_team"),
        migrations.AddIndex(
            "conversation",
            models.Index(
                models.F("team"),
                models.F("state"),
                models.F("active_at").desc(),
                models.F("id").desc(),
                name="conversation_by_team",
                condition=models.Q(team__isnull=False),
            ),
        ),
    ]
