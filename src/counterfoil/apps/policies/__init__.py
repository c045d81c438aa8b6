"""Policies: the head row that is locked, and one versioned table a slice."""
