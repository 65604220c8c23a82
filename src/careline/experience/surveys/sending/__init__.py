"""Who is asked and when: plans write invitations, and each is decided and sent when it is due."""
