"""The demo insurer: units, staff, customers and policies at every stage of life, made by running the acts."""
