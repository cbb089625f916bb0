"""The ledger and the tables in the book: directives, roles, cards, downloads, and the theme's mended templates.

A report's Sphinx extension hands its report to the engine and calls `sphinx.connect`. Functions that make HTML are pure
and live in the modules beside this one; they escape whatever text they are given.
"""
