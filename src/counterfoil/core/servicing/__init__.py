"""Policy servicing (保全): acts on a policy in force."""
