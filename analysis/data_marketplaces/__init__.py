"""Chapter on data marketplaces: Grass's nodes (D1) and revenue (D2), Vana's payments (D3), and what existed (D4)."""
