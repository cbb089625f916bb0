"""Proving times and costs that others published (V1, V2)."""
