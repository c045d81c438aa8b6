"""The calculation lines of a claim, what a share is, and premiums given back."""

from decimal import Decimal

import django.contrib.postgres.fields.ranges
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        migrations.AddField(
            "claim",
            "refunded",
            models.DecimalField(decimal_places=2, max_digits=18, default=Decimal("0.00")),
            preserve_default=False,
        ),
        migrations.AddField("claimshare", "kind", models.TextField(default="benefit"), preserve_default=False),
        migrations.AddField(
            "claimshare", "payee_is_minor", models.BooleanField(default=False), preserve_default=False
        ),
        migrations.CreateModel(
            name="ClaimLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "policy_id",
                        "seq",
                        "row_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("policy_id", models.UUIDField()),
                ("seq", models.IntegerField()),
                ("row_no", models.SmallIntegerField()),
                ("part", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("superseded_seq", models.IntegerField(null=True)),
                ("claim_number", models.TextField()),
                ("code", models.TextField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("basis", models.TextField()),
            ],
            options={
                "db_table": "policy_claim_line",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        models.F("policy_id"),
                        models.F("part"),
                        django.db.models.functions.text.Lower("valid"),
                        condition=models.Q(("superseded_seq__isnull", True)),
                        name="claimline_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="claimline_not_empty"
                    ),
                ],
            },
        ),
    ]
