"""Formats of codings, one module each; tables and coding sheets share the modules around them."""
