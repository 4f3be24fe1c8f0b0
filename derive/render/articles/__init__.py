"""Pages that use the functions: worked examples, in the formats of the write-ups."""
