"""What is done with territorial entities month by month: the log, checklists, perception and advisors' reports."""
