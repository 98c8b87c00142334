"""Pages of `evaluation`."""
