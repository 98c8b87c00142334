"""The workbook of a plan de gestión (F017, F018), both ways: sheets → plan, plan → sheets."""
