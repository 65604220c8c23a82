"""The archive: everything an installation keeps, in one file that any PostgreSQL from 15 on can read back.

A plain tar: `careline.json` says what it is, `tables/` holds rows as COPY writes them, cut into compressed pieces,
`files/` the stored files as they lie (sealed), `end.json` the count and the digest of all of it. Rows and not the
server's own dump, so that neither the server's major version nor a program beside it matters, and so that a restore is
one transaction.
"""
