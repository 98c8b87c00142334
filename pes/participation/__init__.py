"""Who forms the PES together: the DOFA of its entities, and the survey of its citizens (LC-04, LC-05)."""
