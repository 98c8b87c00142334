"""The document of the PES: chapters, sections, texts, comments, and what it says as a whole (LC-07)."""
