"""REST for systems: any act by its register entry, reads of policies and customers; translate in, one call, translate
out."""
