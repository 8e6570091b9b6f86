"""Codebooks in and out: YAML, CSV, Excel and REFI-QDA, one module per format."""
