"""The business hall: tickets, windows, appointments, ratings of service."""
