"""Cases: what waits for whom."""
