"""The next deadline of a conversation, as a room above says it, and its order by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0011_asked")]

    operations = [
        migrations.AddField("conversation", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "pledge", models.JSONField(null=True)),
        migrations.AddIndex(
            "conversation",
            models.Index(
                "inbox", "due_at", "id", name="conversation_due", condition=models.Q(("due_at__isnull", False))
            ),
        ),
    ]
