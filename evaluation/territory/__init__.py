"""The territory evaluated: the rating of its advisory teams and Monitoreo 360 (GP-05, GP-06)."""
