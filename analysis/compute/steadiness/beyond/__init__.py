"""Beside C3: what decides no verdict."""
