"""The insurance itself, in pure Python: no Django, no database, no clock, no settings."""
