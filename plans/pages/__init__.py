"""What the pages of plans show, prepared as plain values: templates ask nothing and add nothing."""
