"""Journeys through the running store in a real browser."""
