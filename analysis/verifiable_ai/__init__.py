"""Chapter on verifiable AI: the time (V1) and cost (V2) of a proof, of no proof (V3), and hidden weights (V4).

Nothing is imported here, since every stage of a proof is a process of its own whose time and memory are measured.
"""
