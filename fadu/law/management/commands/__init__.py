"""Commands of the law floor."""
