"""Credentials: sign in once per identity and audience, share, renew."""
