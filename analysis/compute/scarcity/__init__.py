"""Whether paid use goes with scarcity (C6)."""
