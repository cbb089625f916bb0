"""Statistics that belong to no chapter."""
