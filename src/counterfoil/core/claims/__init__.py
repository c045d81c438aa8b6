"""Claims (理赔): report, decision, payment."""
