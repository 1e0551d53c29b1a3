"""The inspection procedures, one folder each; pure."""
