"""What waits for approval is a referral; ``case`` is the word for the work that a customer brings."""

from django.db import migrations, models

GUARDS = "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'work_referral'::regclass AND NOT tgisinternal LOOP EXECUTE format('DROP TRIGGER %I ON work_referral', t); END LOOP; END $$"  # noqa: E501


INDEXES = "DO $$ DECLARE i text; BEGIN FOR i IN SELECT indexname FROM pg_indexes WHERE tablename = 'work_referral' AND starts_with(indexname, 'work_case') LOOP EXECUTE format('ALTER INDEX %I RENAME TO %I', i, replace(i, 'work_case', 'work_referral')); END LOOP; END $$"  # noqa: E501


class Migration(migrations.Migration):
    """Guards are installed anew under the new name after every migration."""

    dependencies = (("work", "0001_initial"),)
    operations = (
        migrations.RenameModel("Case", "Referral"),
        migrations.AlterModelTable("referral", "work_referral"),
        migrations.RenameField("referral", "case_id", "referral_id"),
        migrations.RemoveIndex("referral", "case_waiting"),
        migrations.RemoveIndex("referral", "case_unit"),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["subject_id"], name="referral_waiting", condition=models.Q(state="waiting")),
        ),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["unit_path"], name="referral_unit", condition=models.Q(state="waiting")),
        ),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL(INDEXES),
    )
