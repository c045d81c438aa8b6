"""Premiums (收费): collecting, and payments through the bank."""
