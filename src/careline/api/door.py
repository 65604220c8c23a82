"""What every Django door of the API has in common: who is asking, refusals as problems, and repeated writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.security import HttpBearer
from typing_extensions import override

from careline.accounts import idempotency
from careline.accounts.actor import Actor
from careline.api import problems, reading, used
from careline.api.drawing import encode
from careline.channels import access
from careline.kit import outages
from careline.kit.threads import REFUSED

JSON = "application/json"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """Of somebody we know."""

    auth: Actor


class Bearer(HttpBearer):
    """The token of an agent: whoever holds it may do what the agent may, in the agent's inboxes."""

    @override
    def __call__(self, request: HttpRequest) -> Actor:
        return self.authenticate(request, "")

    @override
    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The header is read by the same words as at the raw doors."""
        return known(request)


api = NinjaAPI(
    title="Careline",
    version="1",
    openapi_url=None,
    docs_url=None,
    auth=Bearer(),
    urls_namespace="api",
    servers=[{"url": "/"}],
)


@api.exception_handler(Exception)
def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return response(problems.of(error))


def known(request: HttpRequest) -> Actor:
    """Whose token this is; asked for once a request."""
    found: Actor | None = getattr(request, "holder", None)
    if found is None:
        secret = reading.secret(request.headers.get("Authorization"))
        found = outages.once_more(lambda: access.actor_of_token(secret, request.META.get("REMOTE_ADDR", "")))
        if found is None:
            raise reading.not_known()
        used.mark(found)
        request.holder = found  # type: ignore[attr-defined]
        if (refusal := request.META.get(REFUSED)) is not None:
            raise refusal
    return found


def told(shape: object, status: int = 200) -> HttpResponse:
    return written(encode(shape), status)


def written(body: bytes, status: int = 200) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=JSON)


def response(answer: problems.Answer) -> HttpResponse:
    found = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        found[name] = value
    return found


def asked(request: HttpRequest, shape: type[reading.Shape]) -> reading.Shape:
    """The body in its shape; size, type and JSON are checked in this order at both doors."""
    must_fit(request)
    reading.must_be_json(request.META.get("CONTENT_TYPE"))
    return reading.decoded(request.body, shape)


def repeated(request: HttpRequest, name: str) -> list[str]:
    return reading.several(request.META.get("QUERY_STRING", ""), name)


def must_fit(request: HttpRequest, most: int = reading.LARGEST) -> None:
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise problems.NoLength("Say how long the body is: Content-Length.")
    size = int(said) if said.isdigit() else 0
    if not _is_upload(request):
        reading.must_fit(size, most)
    else:
        reading.must_fit_upload(size, request.path)


def must_be_upload(request: HttpRequest) -> None:
    must_fit(request)
    if not _is_upload(request):
        raise problems.WrongType("Send a form: Content-Type: multipart/form-data.")


def query(request: HttpRequest) -> dict[str, str]:
    return reading.query(request.META.get("QUERY_STRING", ""))


def kept(view: View) -> View:
    """The view as it stands at its address: in English, its every failure a problem, its writes done once."""

    @csrf_exempt  # no cookie opens this door
    @wraps(view)
    def door(request: HttpRequest, **path: str) -> HttpResponseBase:
        method = request.method
        if method == "HEAD":
            request.method = "GET"  # as it would be answered, of which the server sends the head
        with translation.override("en"):
            try:
                found = _once(view, request, path)
            except Exception as error:
                found = response(problems.of(error))
            if found.status_code == 405:
                found = response(problems.of(problems.WrongMethod(found.headers["Allow"])))
        found.headers["Cache-Control"] = "no-store"
        request.method = method
        return found

    return door


class _NotKept(Exception):
    """A refusal: what was begun is rolled back, and the same key may be used again."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


def _once(view: View, request: HttpRequest, path: dict[str, str]) -> HttpResponseBase:
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method in SAFE:
        return view(request, **path)

    def run() -> tuple[int, bytes]:
        found = view(request, **path)
        if found.status_code >= 400 or not isinstance(found, HttpResponse):
            raise _NotKept(found)
        return found.status_code, found.content

    actor = known(request)
    assert actor.id is not None  # a token's
    try:
        answer = idempotency.once(actor.id, key, _digest(request), run)
    except _NotKept as refusal:
        return refusal.response
    found = written(answer.body, answer.status)
    if answer.repeated:
        found.headers["Idempotency-Replayed"] = "true"
    return found


def _digest(request: HttpRequest) -> str:
    """All that makes the request what it is; of an upload what it holds, for its boundary changes each time."""
    must_fit(request)
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if _is_upload(request):
        for name, value in sorted(request.POST.items()):
            digest.update(f"{name}={value}\n".encode(errors="surrogatepass"))
        for name, file in sorted(request.FILES.items()):
            assert isinstance(file, UploadedFile)  # not the list of several, which items() does not give
            digest.update(f"{name}={file.name}\n".encode(errors="surrogatepass"))
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _is_upload(request: HttpRequest) -> bool:
    return (request.content_type or "").lower() == "multipart/form-data"
