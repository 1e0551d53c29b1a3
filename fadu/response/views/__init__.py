"""The pages of responses and of the evacuation guide."""
