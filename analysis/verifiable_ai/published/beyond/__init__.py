"""Beside V1 and V2: what decides no verdict."""
