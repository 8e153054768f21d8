"""The operator's room and composition root: sign-in, sealed workspaces, the docker gate, the portal."""
