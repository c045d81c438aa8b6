"""Import in bulk: a file becomes the same acts that a counter performs, row by row or as a whole."""
