"""View models: frozen dataclasses of strings that are ready to be shown, built from a stored result."""
