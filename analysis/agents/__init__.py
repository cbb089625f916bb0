"""Chapter on AI agents: the value that they manage (A1), what they earn (A2), and what they do on chains (A3)."""
