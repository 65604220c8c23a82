from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_kinds_of_message'),
    ]

    operations = [
        migrations.AddField(
            model_name='attributedefinition',
            name='of',
            field=models.TextField(choices=[('customer', 'Customer'), ('conversation', 'Conversation')], db_default='customer', default='customer'),
        ),
        migrations.AddConstraint(
            model_name='attributedefinition',
            constraint=models.CheckConstraint(condition=models.Q(('of__in', ['customer', 'conversation'])), name='attribute_is_of_customers_or_conversations'),
        ),
    ]
