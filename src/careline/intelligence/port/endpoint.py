"""The configured endpoint, and its faults in our words."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.conf import settings

from careline.intelligence.port.outcomes import Verdict

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel

# A server that stumbles is asked again at once, twice; all of it within the patience of whoever asks.
RETRIES = 2


def is_configured() -> bool:
    """An endpoint is named and the extra `llm` is installed."""
    return bool(settings.CARELINE_LLM) and find_spec("pydantic_ai") is not None


def load() -> None:
    """Loads what it takes, some seconds on a busy machine, before anybody's patience begins."""
    for name in ("httpx2", "openai", "pydantic_ai.models.openai"):
        import_module(name)


def client(patience: float) -> AsyncOpenAI:
    """To be used in an `async with`. It follows nobody elsewhere, the key with it, and asks no proxy by chance."""
    import httpx2
    from openai import AsyncOpenAI

    named = settings.CARELINE_LLM
    http = httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=patience)
    return AsyncOpenAI(
        base_url=named["url"], api_key=named["key"], http_client=http, max_retries=RETRIES, timeout=patience
    )


def model(made: AsyncOpenAI) -> OpenAIChatModel:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    # What bounds an answer has a newer name at OpenAI's own, which others pass over.
    newer = made.base_url.host.endswith("openai.com")
    profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=newer)
    named = settings.CARELINE_LLM["model"]
    return OpenAIChatModel(named, provider=OpenAIProvider(openai_client=made), profile=profile)


def verdict_of(error: BaseException) -> Verdict:
    """What went wrong at the other side; whatever nobody foresaw is an answer nobody could read."""
    from openai import APIConnectionError, APITimeoutError
    from pydantic_ai import exceptions

    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and len(causes) < 10:
        causes.append(cause)
    for one in causes:
        if isinstance(one, exceptions.UsageLimitExceeded):
            return Verdict.OVER_BUDGET
        if isinstance(one, TimeoutError | APITimeoutError):
            return Verdict.SLOW
        if isinstance(one, exceptions.ModelHTTPError):
            return Verdict.DOWN if one.status_code >= 500 else Verdict.REFUSED
        if isinstance(one, APIConnectionError | ConnectionError):
            return Verdict.DOWN
    return Verdict.MALFORMED
