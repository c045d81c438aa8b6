"""Grants that count something else than yuan; a grant for all acts does not cover them."""

BACK_DATING = "back_dating"
"""How many days before its receipt an act may count (limits on back-dating, POS-5)."""
DROPPING = "drop_later"
"""How many later acts somebody may approve to be left out so that an earlier one can hold (POS-5)."""
COUNTED = frozenset({BACK_DATING, DROPPING})
