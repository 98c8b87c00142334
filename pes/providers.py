"""What the pes app offers to the rest."""
