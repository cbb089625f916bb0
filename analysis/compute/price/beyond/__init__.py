"""Beside C2: what decides no verdict."""
