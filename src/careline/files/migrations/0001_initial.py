import careline.kit.clock
import careline.kit.ids
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('person_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('sealed_key', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=careline.kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField(null=True)),
                ('name', models.TextField()),
                ('media_type', models.TextField()),
                ('size', models.BigIntegerField()),
                ('sha256', models.TextField()),
                ('path', models.TextField()),
                ('inline', models.BooleanField(default=False)),
                ('uploaded_by', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=careline.kit.clock.now)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('person_id__isnull', False)), fields=['person_id', 'created_at'], name='file_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gte', 1), ('size__lte', 26214400)), name='file_size_is_within_limits'), models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), models.Q(('path', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), models.Q(('erased_at__isnull', False), ('name', ''), ('path', ''), ('sha256', '')), _connector='OR'), name='file_has_a_place_until_erased'), models.CheckConstraint(condition=models.Q(('inline', False), ('media_type__in', ('image/avif', 'image/bmp', 'image/gif', 'image/jpeg', 'image/png', 'image/webp')), _connector='OR'), name='file_inline_is_a_safe_picture'), models.UniqueConstraint(condition=models.Q(('path', ''), _negated=True), fields=('path',), name='file_path_is_its_own')],
            },
        ),
    ]
