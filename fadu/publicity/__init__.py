"""The public site: penalty decisions disclosed, papers verified."""
