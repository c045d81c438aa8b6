"""Cases: what a customer brought, worked on by verbs; every verb is an event that is never changed."""
