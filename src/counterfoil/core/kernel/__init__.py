"""Money, time, numbers of people and files: what every rule stands on and no rule knows about."""
