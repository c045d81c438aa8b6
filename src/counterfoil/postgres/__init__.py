"""The PostgreSQL that Counterfoil starts by itself, and what any server must offer; knows no Django."""
