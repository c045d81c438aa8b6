"""Enquiries: who asks, whether that person's identity was shown, and what was told of which policy."""
