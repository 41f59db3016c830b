"""What became of what: the links between documents of different modules."""
