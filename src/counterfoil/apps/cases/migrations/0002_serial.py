"""The numbers of cases come from a sequence: no two alike, gaps allowed."""

from django.db import migrations


class Migration(migrations.Migration):
    """Rights on sequences are given after every migration."""

    dependencies = (("cases", "0001_initial"),)
    operations = (
        migrations.RunSQL("CREATE SEQUENCE case_serial", reverse_sql="DROP SEQUENCE case_serial"),
    )
