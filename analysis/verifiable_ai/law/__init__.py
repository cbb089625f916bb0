"""The law of our own proofs: time, rows and memory, and what it predicts; it decides no verdict."""
