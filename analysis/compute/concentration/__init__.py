"""Who holds how much of the market for AI compute (C5)."""
