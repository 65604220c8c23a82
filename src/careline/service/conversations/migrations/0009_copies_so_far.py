from django.db import migrations

# Until now whoever the last letter named got a copy of the answer; they stay in copy. Of a conversation the customer
# never wrote in, whom our own last letter had in copy. What was passed on, and the answers to it, name others.
KEEP = """UPDATE conversations_conversation c SET copies = named.copies FROM (
  SELECT DISTINCT ON (m.conversation_id) m.conversation_id, (
    SELECT jsonb_object_agg(lower(one->>'address'), one)
    FROM jsonb_array_elements(coalesce(CASE m.kind WHEN 'incoming' THEN m.letter->'to' END, '[]')
      || coalesce(m.letter->'cc', '[]')) one
    WHERE one->>'address' <> '' AND lower(one->>'address') <> lower(coalesce(m.letter #>> '{sender,address}', ''))
  ) AS copies
  FROM conversations_message m
  WHERE m.letter IS NOT NULL AND m.kind IN ('incoming', 'reply') AND NOT m.letter ? 'automatic' AND NOT EXISTS (
    SELECT FROM conversations_message f WHERE f.conversation_id = m.conversation_id AND f.kind = 'forward'
      AND f.letter->>'message_id' IN (
        SELECT m.letter->>'in_reply_to'
        UNION ALL SELECT jsonb_array_elements_text(coalesce(m.letter->'references', '[]'))))
  ORDER BY m.conversation_id, m.kind, m.seq DESC) named
WHERE c.id = named.conversation_id AND named.copies IS NOT NULL"""


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0008_copies_and_followers'),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop, elidable=True),
    ]
