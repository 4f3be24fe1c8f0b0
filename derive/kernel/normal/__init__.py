"""The first route: normal forms, equal for equal expressions, for every size at once."""
