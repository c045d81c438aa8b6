"""Double entry: immutable entries, balances, and their check against the business rows."""
