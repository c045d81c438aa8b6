"""Scanned papers (影像) of cases: pages, their files, and the hand-over to a telephone."""
