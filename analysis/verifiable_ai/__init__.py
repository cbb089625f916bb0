"""Verifiable AI: what it takes to prove one inference of a network, claims V1 to V4.

Nothing is imported here, since every stage of a proof is a process of its own whose time and memory are measured.
"""
