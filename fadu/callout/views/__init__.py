"""Pages of the register, the board, and the page on which people answer."""
