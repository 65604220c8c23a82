"""A real provider of company accounts: Canaille with its data in memory. Says its address when it answers.

`python canaille_house.py PORT CALLBACK`: one client "careline", Bo of the group "support" and Noor of none.
"""

from __future__ import annotations

import sys

PORT, CALLBACK = int(sys.argv[1]), sys.argv[2]
ADDRESS = f"http://127.0.0.1:{PORT}"


def fill(app):
    from canaille.app import models
    from canaille.backends import Backend

    with app.app_context():
        backend = Backend.instance
        people = {}
        for name, given, family in (("bo", "Bo", "Lindgren"), ("noor", "Noor", "Haddad")):
            people[name] = models.User(
                user_name=name,
                given_name=given,
                family_name=family,
                formatted_name=f"{given} {family}",
                emails=[f"{name}@harbor.example"],
                password="a good long password",
            )
            backend.save(people[name])
        backend.save(models.Group(display_name="support", members=[people["bo"]]))
        client = models.Client(
            client_id="careline",
            client_secret="shared secret",
            client_name="Careline",
            client_uri=ADDRESS,
            redirect_uris=[CALLBACK],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile", "email", "groups"],
            token_endpoint_auth_method="client_secret_basic",
        )
        backend.save(client)
        client.audience = [client]
        backend.save(client)


def main():
    from canaille import create_app
    from joserfc.jwk import RSAKey
    from werkzeug.serving import make_server

    app = create_app(
        {
            "SECRET_KEY": "not a secret",
            "SERVER_NAME": f"127.0.0.1:{PORT}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"SMTP": None, "JAVASCRIPT": False, "HTMX": False, "LOGGING": {"version": 1}},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [RSAKey.generate_key(2048).as_dict(private=True, kid="one")]},
        }
    )
    fill(app)
    server = make_server("127.0.0.1", PORT, app)
    print(ADDRESS, flush=True)
    server.serve_forever()


main()
