"""What the plans app offers to the rest."""
