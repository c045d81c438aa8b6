"""Work without a person at a screen: the outbox, import in bulk, the demo insurer; all of it through ``perform``."""
