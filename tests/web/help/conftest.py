"""The same house as the room's own tests have."""

from tests.service.knowledge.conftest import stranger, write

__all__ = ["stranger", "write"]
