"""Entries of double entry: yuan, debit positive, credit negative; immutable."""

from django.db import models


class Entry(models.Model):
    """One line of one act's posting; each (act, unit) sums to zero."""

    pk = models.CompositePrimaryKey("policy_id", "seq", "line")
    policy_id = models.UUIDField()
    seq = models.IntegerField()
    line = models.SmallIntegerField()
    account = models.TextField()
    unit_id = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    business_date = models.DateField()

    class Meta:
        db_table = "entry"
        indexes = (models.Index(fields=["account", "business_date"], name="entry_account_date"),)
