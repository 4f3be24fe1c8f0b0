"""Judge a person's working: read it, put each relation to the kernel, and report."""
