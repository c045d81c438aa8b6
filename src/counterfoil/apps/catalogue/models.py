"""Product versions, kept whole so that a contract keeps the version it was sold on."""

from django.db import models


class ProductVersion(models.Model):
    """One frozen product folder: its files as an archive, found by the hash of their content."""

    content_hash = models.TextField(primary_key=True)
    code = models.TextField()
    version = models.IntegerField()
    archive = models.BinaryField()
    on_sale = models.BooleanField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "product_version"
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(on_sale=True), name="product_one_on_sale"
            ),
        )
