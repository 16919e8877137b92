"""XComs in a lake."""
