from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recovery', '0001_recoveries'),
    ]

    operations = [
        migrations.AddField(
            model_name='recovery',
            name='recommends',
            field=models.BooleanField(null=True),
        ),
    ]
