"""Mesas técnicas and the other meetings of a PES: convened, held, minuted, and what they leave to do (LC-03)."""
