"""What lies between two snapshots: which inputs differ, and how much of the difference each one explains."""
