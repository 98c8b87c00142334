"""What the tracking app offers to the rest."""
