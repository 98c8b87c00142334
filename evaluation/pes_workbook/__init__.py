"""The PES as a workbook, both ways: sheets → `PesData` → database → sheets."""
