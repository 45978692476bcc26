"""The printed report: the same answers as one HTML page or PDF. Pure."""
