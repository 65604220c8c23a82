"""Every rule over the whole house; each finding on a line of its own."""

from __future__ import annotations

import sys

from tools.lint import modules, styles, templates
from tools.lint.finding import Finding, sources

PARTS = [("*.py", modules.RULES), ("*.html", templates.RULES), ("*.css", styles.RULES)]


def findings() -> list[Finding]:
    return sorted(
        finding for pattern, rules in PARTS for source in sources(pattern) for rule in rules for finding in rule(source)
    )


def main() -> int:
    found = findings()
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
