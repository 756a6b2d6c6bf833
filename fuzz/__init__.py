"""Fuzz targets: bytes in, nothing but the named refusals out."""
