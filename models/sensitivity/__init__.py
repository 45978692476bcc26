"""What would change the forecast: every piece of evidence left out, every prior and likelihood scaled."""
