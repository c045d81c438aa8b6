"""Acts: ``perform`` is the only writer of business rows."""
