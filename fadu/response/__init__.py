"""应急响应: what members do when a warning is out, who decides on the level, and where people go."""
