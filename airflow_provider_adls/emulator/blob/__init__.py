"""The Blob face of Gen2 accounts: containers and blobs, answered in XML and headers."""
