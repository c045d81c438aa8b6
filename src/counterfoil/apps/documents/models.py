"""Documents that acts brought into being."""

from django.db import models


class Document(models.Model):
    """One document (单证) of one act; rendered from the act and its states when somebody asks for it."""

    pk = models.CompositePrimaryKey("policy_id", "seq", "line")
    policy_id = models.UUIDField()
    seq = models.IntegerField()
    line = models.SmallIntegerField()
    kind = models.TextField()
    number = models.TextField()
    about = models.TextField(default="")
    unit_path = models.TextField()

    class Meta:
        db_table = "document"
        indexes = (models.Index(fields=["number"], name="document_number"),)
