"""Documents for the control offices and the yearly report of management (act. 14 and 15; REP-04, REP-07, REP-08)."""
