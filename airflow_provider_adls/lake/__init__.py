"""What a lake does beyond one request, over a client: trees, globs, uploads, downloads."""
