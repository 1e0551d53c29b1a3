"""The three ways by which warnings come in by themselves: a feed that is asked, a folder that is watched, a signed push."""
