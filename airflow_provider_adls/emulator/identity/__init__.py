"""Azure Active Directory, as far as service principals need it: applications, tokens, token endpoint."""
