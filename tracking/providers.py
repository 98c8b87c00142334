"""What the tracking app offers to the rest: nothing of its own yet; what is to be measured depends on the cut-offs."""
