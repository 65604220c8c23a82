"""The house's own rules, where no general linter knows them: `python -m tools.lint`."""
