"""Files on their way into a message, and who may send which."""

from __future__ import annotations

import uuid

import pytest

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def upload():
    def upload(program, content=PNG, name="label.png", **fields):
        parts = [
            f'--b0\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        parts.append(
            f'--b0\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: image/png\r\n\r\n".encode()
            + content
            + b"\r\n--b0--\r\n"
        )
        return program.post("files", raw=b"".join(parts), content_type="multipart/form-data; boundary=b0")

    return upload


def test_a_file_goes_out_with_a_reply(bos, conversation, upload):
    file = upload(bos, conversation_id=conversation.pk)
    assert file.status == 201
    assert (file.json["name"], file.json["media_type"], file.json["size"]) == ("label.png", "image/png", len(PNG))
    room = f"conversations/{conversation.pk}/messages"
    sent = bos.post(room, {"body": "The label.", "attachments": [file.json["id"]]})
    [attached] = sent.json["attachments"]
    assert (attached["id"], attached["name"]) == (file.json["id"], "label.png")
    [line] = [one for one in bos.get(room).json["items"] if one["attachments"]]
    assert line["id"] == sent.json["id"]
    assert bos.post(room, {"attachments": [file.json["id"]]}).status == 201


def test_the_link_of_a_file_opens_it_for_a_program_that_is_signed_in_nowhere(bos, conversation, upload, client):
    file = upload(bos, conversation_id=conversation.pk).json
    room = f"conversations/{conversation.pk}/messages"
    told = bos.post(room, {"body": "Look", "attachments": [file["id"]]}).json["attachments"]
    for url in (file["url"], told[0]["url"]):
        assert url.startswith("http://127.0.0.1:8000/files/")
        path = url.removeprefix("http://127.0.0.1:8000")
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert client.get(path[:-2]).status_code == 404
    assert client.get("/files/nothing").status_code == 404


def test_a_file_of_somebody_else_is_none(bos, program, cy, ada, conversation, upload):
    room = f"conversations/{conversation.pk}/messages"
    other = bos.post("customers", {"name": "Lin"}).json["id"]
    of_another_customer = upload(bos, customer_id=other).json["id"]
    by_another_agent = upload(program(cy), customer_id=ada.pk).json["id"]
    for unknown in (of_another_customer, by_another_agent, str(uuid.uuid4()), "x", "", "\0"):
        before = len(bos.get(room).json["items"])
        answer = bos.post(room, {"body": "Look", "attachments": [unknown]})
        assert answer.told == (404, "There is no such file for this customer.")
        assert len(bos.get(room).json["items"]) == before


def test_a_customers_file_opens_a_conversation(bos, ada, inbox, upload):
    file = upload(bos, customer_id=ada.pk).json["id"]
    asked = {"inbox_id": inbox.pk, "attachments": [file], "customer": {"email": "ada@example.com"}}
    opened = bos.post("conversations", asked)
    assert opened.status == 201, opened.body
    assert [one["id"] for one in opened.json["message"]["attachments"]] == [file]
    assert bos.post("conversations", asked | {"customer": {"email": "lin@example.com"}}).told[0] == 404
    assert bos.get("customers?q=lin@example.com").json["items"] == []


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"content": b"", "customer_id": "{ada}"}, 422),
        ({"content": b"MZ" + b"0" * 100, "name": "a.exe", "customer_id": "{ada}"}, 422),
        ({"customer_id": "999999"}, 404),
        ({"conversation_id": "999999"}, 404),
        ({"conversation_id": "1", "customer_id": "1"}, 422),
        ({"content": b"x" * (25 * 1024 * 1024 + 1), "customer_id": "{ada}"}, 413),
        ({"content": b"x" * (26 * 1024 * 1024 + 1), "customer_id": "{ada}"}, 413),
    ],
)
def test_what_is_not_taken_is_refused_in_words(bos, ada, upload, given, status):
    filled = {name: v.format(ada=ada.pk) if isinstance(v, str) else v for name, v in given.items()}
    assert upload(bos, **filled).told[0] == status


def test_an_upload_that_is_none_is_refused(bos):
    assert bos.post("files", {"file": "x"}).told[0] == 415
    assert bos.post("files", raw=b"--b0--", content_type="multipart/form-data; boundary=b0").told[0] == 422
    assert bos.post("files", raw=b"junk", content_type="multipart/form-data; boundary=b0").told[0] == 422
    assert bos.post("files", raw=b"junk", content_type="multipart/form-data").told[0] == 422


def test_an_upload_is_kept_once_under_its_key(bos, ada, upload):
    """Each attempt of a library draws a new boundary; what it holds is the same."""
    from careline.files.models import StoredFile

    def attempt(boundary: str):
        raw = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="customer_id"\r\n\r\n{ada.pk}\r\n--{boundary}\r\n'
            f'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--{boundary}--\r\n'
        ).encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return bos.post("files", raw=raw, content_type=kind, idempotency_key="up-1")

    assert attempt("one").body == attempt("two").body
    assert StoredFile.objects.count() == 1
