import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_attributes_of_conversations'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parts', to='customers.company'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='company_by_parent'),
        ),
        # One move at a time looks up the line above it, after whoever moved before: two that would close a circle
        # together cannot both be let through, whichever way they are written. A new company has nobody below it yet.
        migrations.RunSQL(
            """
            CREATE FUNCTION customers_company_moved() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM pg_advisory_xact_lock(hashtextextended('customers_company.parent', 0));
              IF EXISTS (
                WITH RECURSIVE above(id) AS (
                  SELECT NEW.parent_id
                  UNION
                  SELECT c.parent_id FROM above a JOIN customers_company c ON c.id = a.id WHERE c.parent_id IS NOT NULL)
                SELECT FROM above WHERE id = NEW.id)
              THEN
                RAISE EXCEPTION 'company % would stand above itself', NEW.id
                  USING ERRCODE = 'check_violation', CONSTRAINT = 'company_does_not_stand_above_itself';
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER customers_company_moved BEFORE UPDATE OF parent_id ON customers_company FOR EACH ROW
              WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id)
              EXECUTE FUNCTION customers_company_moved();
            """,
            """
            DROP TRIGGER customers_company_moved ON customers_company;
            DROP FUNCTION customers_company_moved();
            """,
        ),
    ]
