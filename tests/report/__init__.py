"""The forms of the report that programs read."""
