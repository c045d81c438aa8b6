"""Units, staff, positions and authority: who is asking, what they see, and what they may do."""
