"""Proofs that hide the weights (V4)."""
