"""The second route: small sizes written out, computed exactly, with no code of the first."""
