"""叫应: every duty person of the divisions a warning is for is reached and answers, or somebody else does."""
