"""Beside C4: what decides no verdict."""
