"""The catalogue: product versions, frozen by content hash."""
