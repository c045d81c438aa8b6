"""Benchmarks: every figure a ratio against a fixed floor on the same machine in the same run."""
