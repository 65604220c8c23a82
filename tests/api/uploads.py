"""Bodies of operations that take a file."""

from __future__ import annotations

UPLOAD = (
    b'--b\r\nContent-Disposition: form-data; name="conversation_id"\r\n\r\n{n}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n'
)
ROWS = b"user_id,event,timestamp\nu-1,Visited,2026-03-01T10:00Z\n"
HISTORY = (
    b'--b\r\nContent-Disposition: form-data; name="inbox_id"\r\n\r\n{n}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mbox"\r\n\r\nhello\r\n--b--\r\n'
)
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="visits.csv"\r\n\r\n' + ROWS + b"\r\n--b--\r\n"

ANSWERS = b"Date,Would you recommend us?\n2026-01-01,9\n"
UPLOADS = {
    "upload_import": FILE, "upload_history": HISTORY, "upload_file": UPLOAD,
    "upload_answers": FILE.replace(ROWS, ANSWERS), "import_articles": FILE.replace(b"visits.csv", b"pay.md"),
}  # fmt: skip
