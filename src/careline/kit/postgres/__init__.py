"""PostgreSQL without an administrator: found, started beside Careline, attached to when it already runs, stopped.

    dsn = Cluster(Path(".careline/postgres")).start()

The server listens on the loopback interface alone, with a password of its own. It survives being killed at any moment,
and whoever starts next finds everything that was committed.
"""

from careline.kit.postgres.binaries import find_bindir, tool
from careline.kit.postgres.cluster import Cluster
from careline.kit.postgres.refusal import ClusterRefused

__all__ = ["Cluster", "ClusterRefused", "find_bindir", "tool"]
