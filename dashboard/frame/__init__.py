"""What every page stands in: errors caught once, live answers, charts with their sentence, safe tables."""
