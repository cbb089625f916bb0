"""One inference without a proof (V3)."""
