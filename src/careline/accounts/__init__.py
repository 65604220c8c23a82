"""The organization, its agents, teams and roles, and who is acting."""
