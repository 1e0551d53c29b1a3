"""What can be done with the register and with callouts."""
