"""Whether latency and availability vary more (C3)."""
