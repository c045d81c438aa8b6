"""Forms made from the requests of acts: fields from a Struct, what was typed back into a Struct."""
