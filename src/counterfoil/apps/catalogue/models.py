"""Product versions, kept whole so that a contract keeps the version it was sold on."""

from django.db import models


class ProductVersion(models.Model):
    """One frozen product folder: its files as an archive, found by the hash of their content.

    `submitted_by` took it in, `approved_by` is another person who approved it; both empty for a version that the demo
    or a test put on sale by itself.
    """

    content_hash = models.TextField(primary_key=True)
    code = models.TextField()
    version = models.IntegerField()
    archive = models.BinaryField()
    on_sale = models.BooleanField()
    loaded_at = models.DateTimeField()
    submitted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "product_version"
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(on_sale=True), name="product_one_on_sale"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | (models.Q(submitted_by__isnull=False) & ~models.Q(approved_by=models.F("submitted_by"))),
                name="product_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="product_approved_when",
            ),
            # what a person submitted is sold once another approved it
            models.CheckConstraint(
                condition=models.Q(on_sale=False)
                | models.Q(submitted_by__isnull=True)
                | models.Q(approved_by__isnull=False),
                name="product_sold_when_approved",
            ),
        )
