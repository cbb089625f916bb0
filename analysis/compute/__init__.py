"""Chapter on compute: what decentralised GPU time costs, how steady it is, and what it is used for (C1 to C6)."""
