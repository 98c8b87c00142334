"""What the pages of tracking show, as plain strings."""
