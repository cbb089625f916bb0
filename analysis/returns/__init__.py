"""Chapter on token returns: what the AI-crypto category returned in 2025 (R1), and against the market (R2)."""
