"""Azure Active Directory for service principals: applications, tokens, token endpoint."""
