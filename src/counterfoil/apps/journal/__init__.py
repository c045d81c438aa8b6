"""The journal: acts, attempts, keys, outbox, seals, and the guards in the database."""
