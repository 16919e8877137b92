"""Measurements, as ratios of two sides that run in turn: one machine's figures mean nothing elsewhere."""
