"""提醒: tells people in the program, by mail and by SMS that something waits for them; knows people, not matters."""
