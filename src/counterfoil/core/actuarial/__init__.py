"""Life-table arithmetic: survival, premium and cash value by formula, exact in Decimal."""
