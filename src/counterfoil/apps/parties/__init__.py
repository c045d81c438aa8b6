"""Parties: the head row that is locked, one versioned table a slice, data keys, and who looked at what."""
