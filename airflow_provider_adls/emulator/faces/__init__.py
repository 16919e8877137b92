"""Code that the two faces of Gen2 accounts share: headers read, bodies checked, files sent."""
