"""Products as data: what a contract promises, its filed tables, and the figures looked up in them."""
