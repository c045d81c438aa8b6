"""The timeline of a policy: points to read from, the drawn chart, and what differs between two points."""
