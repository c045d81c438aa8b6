"""The policy: its state, its changes, its life, and what an act on it is."""
