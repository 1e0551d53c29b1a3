"""The law library: statute texts as they are imported, read, searched and compared."""
