"""The party's head row, one versioned table for each slice of its state, its data key, and who looked at what.

The columns of a versioned table are the fields of its value in ``core/parties/values.py``, a sealed value's fields
spread over four columns; a test compares them. No row security here: see ``visibility.py``.
"""

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import Func
from django.db.models.functions import Lower

LIVE = models.Q(superseded_seq__isnull=True)
# The bigrams are kept as one text, because sets of rows come as one array a column; the index sees them as an array.
BIGRAMS = Func(models.F("name_bigrams"), models.Value(" "), function="string_to_array")


class Party(models.Model):
    """The row that is locked: last ``seq``, who registered it, and the name in the forms that it is found by."""

    party_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    recorded_at = models.DateTimeField()
    unit_id = models.TextField()
    unit_path = models.TextField()
    kind = models.TextField()
    name = models.TextField(db_collation="C")
    name_key = models.TextField(db_collation="C")
    name_joined = models.TextField(db_collation="C")
    name_initials = models.TextField(db_collation="C")
    name_bigrams = models.TextField(db_collation="C")
    birth_date = models.DateField(null=True)

    class Meta:
        db_table = "party"
        indexes = (
            # Without fastupdate: a list of pending entries would cost every search 8 ms after a bulk import.
            GinIndex(BIGRAMS, name="party_name_bigrams", fastupdate=False),
            models.Index(fields=["name"], name="party_name"),
            models.Index(fields=["name_joined"], name="party_name_joined"),
            models.Index(fields=["name_initials"], name="party_name_initials"),
        )


class VersionedRow(models.Model):
    """A version on two axes: ``valid`` is effect, ``seq`` to ``superseded_seq`` is record."""

    pk = models.CompositePrimaryKey("party_id", "seq", "row_no")
    party_id = models.UUIDField()
    seq = models.IntegerField()
    row_no = models.SmallIntegerField()
    part = models.TextField()
    valid = DateRangeField()
    superseded_seq = models.IntegerField(null=True)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                "party_id", "part", Lower("valid"), condition=LIVE, name="party_%(class)s_live"
            ),
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False), name="party_%(class)s_not_empty"
            ),
        )


class Identity(VersionedRow):
    kind = models.TextField()
    name = models.TextField()
    sex = models.TextField()
    birth_date = models.DateField(null=True)
    nationality = models.TextField()
    occupation_code = models.TextField()
    occupation_class = models.IntegerField()
    died_on = models.DateField(null=True)

    class Meta(VersionedRow.Meta):
        db_table = "party_identity"


class Paper(VersionedRow):
    kind = models.TextField()
    number_cipher = models.BinaryField()
    number_lookup = models.BinaryField()
    number_masked = models.TextField()
    number_key_id = models.TextField()
    valid_until = models.DateField(null=True)

    class Meta(VersionedRow.Meta):
        db_table = "party_paper"
        indexes = (models.Index(fields=["number_lookup"], name="party_paper_lookup"),)


class Contact(VersionedRow):
    kind = models.TextField()
    value_cipher = models.BinaryField()
    value_lookup = models.BinaryField()
    value_masked = models.TextField()
    value_key_id = models.TextField()

    class Meta(VersionedRow.Meta):
        db_table = "party_contact"
        indexes = (models.Index(fields=["value_lookup"], name="party_contact_lookup"),)


class BankAccount(VersionedRow):
    account_id = models.UUIDField()
    bank = models.TextField()
    number_cipher = models.BinaryField()
    number_lookup = models.BinaryField()
    number_masked = models.TextField()
    number_key_id = models.TextField()
    holder_is_self = models.BooleanField()

    class Meta(VersionedRow.Meta):
        db_table = "party_account"
        indexes = (models.Index(fields=["number_lookup"], name="party_account_lookup"),)


class HealthNotice(VersionedRow):
    notice_id = models.UUIDField()
    product_code = models.TextField()
    answers_cipher = models.BinaryField()
    answers_lookup = models.BinaryField()
    answers_masked = models.TextField()
    answers_key_id = models.TextField()
    signed_on = models.DateField()

    class Meta(VersionedRow.Meta):
        db_table = "party_health_notice"
        indexes = (models.Index(fields=["notice_id"], name="party_health_notice_id"),)


class DataKey(models.Model):
    """The wrapped key of a party's sealed values. The one table whose rows may go: deleting one erases the party."""

    pk = models.CompositePrimaryKey("party_id", "key_id")
    party_id = models.UUIDField()
    key_id = models.TextField()
    master_key_id = models.TextField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "party_data_key"


class Unmasking(models.Model):
    """Who looked at which personal value of whom, when and why; never changed."""

    unmasking_id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    field = models.TextField()
    reason = models.TextField()
    actor_id = models.UUIDField()
    unit_id = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "party_unmasking"
        indexes = (models.Index(fields=["party_id", "actor_id", "at"], name="party_unmasking_who"),)
