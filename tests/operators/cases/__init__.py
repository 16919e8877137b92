"""Arguments of every operator, by family: right ones, and wrong ones of each name."""
