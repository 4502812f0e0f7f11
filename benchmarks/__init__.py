"""Benchmarks: seeded problems and commands that print tables."""
