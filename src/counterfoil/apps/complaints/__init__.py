"""Complaints beyond their case: what repeats, what causes them, and what is done about it (CMP-4)."""
