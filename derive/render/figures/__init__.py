"""Numbers and pictures of the worked examples, from the generated functions."""
