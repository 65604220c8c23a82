"""Old entries of the audit log may go, by the retention the organization set and in no other way."""

from django.db import migrations

OLD_MAY_GO = """
CREATE FUNCTION accounts_keep_the_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('careline.ageing', true) = 'on' AND OLD.at < statement_timestamp() - interval '30 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit log is only ever added to: % is refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER audit_refuses_edits ON accounts_auditentry;
CREATE TRIGGER audit_refuses_edits BEFORE UPDATE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_editing_the_audit();
CREATE TRIGGER audit_keeps_what_is_young BEFORE DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_the_audit();
"""
AS_IT_WAS = """
DROP TRIGGER audit_keeps_what_is_young ON accounts_auditentry;
DROP TRIGGER audit_refuses_edits ON accounts_auditentry;
CREATE TRIGGER audit_refuses_edits BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_editing_the_audit();
DROP FUNCTION accounts_keep_the_audit();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(OLD_MAY_GO, reverse_sql=AS_IT_WAS),
    ]
