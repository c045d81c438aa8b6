"""Tables of enquiries beside their cases: identities that were shown, and policies of which something was told."""

from django.db import models


class IdentityShown(models.Model):
    """That somebody's identity was shown in an enquiry: by what, whose, and for which policy (None: all of the own)."""

    identity_id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    kind = models.TextField()
    party_id = models.UUIDField()
    policy_id = models.UUIDField(null=True)
    proxy_name = models.TextField(default="")
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "enquiry_identity"
        indexes = (models.Index(fields=["case_id", "at"], name="enquiry_identity_case"),)


class Disclosure(models.Model):
    """That what a policy says was shown to a person at work on an enquiry, to be told to who asks; the first time."""

    pk = models.CompositePrimaryKey("case_id", "policy_id", "by_id")
    case_id = models.UUIDField()
    policy_id = models.UUIDField()
    by_id = models.UUIDField()
    identity_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "enquiry_disclosure"
