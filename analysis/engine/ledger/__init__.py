"""The ledger: every claim with its verdict, how it is kept, written and traced to its code."""
