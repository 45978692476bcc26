"""The frozen rule that labels a year from the ledger, and the signposts."""
