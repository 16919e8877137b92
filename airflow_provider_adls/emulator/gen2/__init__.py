"""Storage accounts (Gen2): what they are, where they are kept, who may use them, and their two faces."""
