"""Work on a lake that takes more than one request: trees, globs, uploads, downloads."""
