"""Judge a person's NumPy function: run it beside the generated one, and say where they part."""
