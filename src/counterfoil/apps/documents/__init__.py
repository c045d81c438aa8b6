"""Documents: what was promised on paper, rendered on demand."""
