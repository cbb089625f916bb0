"""The forecast of the market for AI compute (C1)."""
