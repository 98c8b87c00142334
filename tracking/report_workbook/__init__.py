"""The workbook of a quarterly report, or of a central area's goals, both ways: sheets → entries, entries → sheets."""
