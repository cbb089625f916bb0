"""Figures of the chapter on rented GPU time, each a function of tables, with its text alternative beside it."""
