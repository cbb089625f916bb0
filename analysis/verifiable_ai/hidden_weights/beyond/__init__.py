"""Beside V4: what decides no verdict."""
