"""What only complaints need: grades of groups, more time, new facts, repeats, review (CMP-1 to CMP-3)."""
