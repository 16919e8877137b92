"""What the two faces of Gen2 accounts have in common: headers read, bodies checked, files sent."""
