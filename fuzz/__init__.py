"""Hostile input of our own making: fuzz targets, their seeds, and mutations of valid copies."""
