"""Valuations of the whole book on a day: kept with their basis, so that each can be repeated."""
