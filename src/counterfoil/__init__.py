"""Counterfoil: the policies, the money and the promises of a life insurer, one act at a time."""

__version__ = "0.1.0"
