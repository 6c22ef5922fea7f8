"""A trust anchor and an identity provider of the Italian federation on this machine: `spid-cie-oidc`, the project's own
implementation, with SQLite, over TLS. Says `ready <port>` when it listens; then takes commands, one JSON object per line.

    python federation.py FOLDER CERTIFICATE KEY AUTHORITIES

`{"enrol": "https://...", "keys": [...]}` makes a relying party a member. `{"policy": {...}}` changes what the anchor
demands of the provider. Every command is answered with `done` or `failed: why`.
"""

import json
import socketserver
import ssl
import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import aiohttp
import django
from django.conf import settings

FOLDER, CERTIFICATE, KEY, AUTHORITIES = sys.argv[1:5]


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def listen():
    server = Server(("127.0.0.1", 0), Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.base_environ["HTTPS"] = "on"
    return server


server = listen()
ANCHOR = f"https://127.0.0.1:{server.server_port}"
PROVIDER = f"{ANCHOR}/oidc/op"

settings.configure(
    SECRET_KEY="of no value outside tests",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(FOLDER) / "federation.sqlite"),
            "OPTIONS": {"timeout": 20},
        }
    },
    AUTH_USER_MODEL="spid_cie_oidc_accounts.User",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "spid_cie_oidc.accounts",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "bootstrap_italia_template",
        "spid_cie_oidc.entity",
        "spid_cie_oidc.authority",
        "spid_cie_oidc.provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    STATIC_URL="/static/",
    LANGUAGE_CODE="it-it",
    TIME_ZONE="UTC",
    USE_TZ=True,
    OIDCFED_DEFAULT_TRUST_ANCHOR=ANCHOR,
    OIDCFED_TRUST_ANCHOR=ANCHOR,
    OIDCFED_TRUST_ANCHORS=[ANCHOR],
    OIDCFED_IDENTITY_PROVIDERS={},
    OIDCFED_REQUIRED_TRUST_MARKS=[],
    OIDCFED_PROVIDER_PROFILE="spid",
    OIDCFED_PROVIDER_SALT="of no value outside tests",
    HTTPC_PARAMS={
        "connection": {"ssl": ssl.create_default_context(cafile=AUTHORITIES)},
        "session": {"timeout": aiohttp.ClientTimeout(total=4)},
    },
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from spid_cie_oidc.authority.models import (  # noqa: E402
    FederationDescendant,
    FederationEntityAssignedProfile,
    FederationEntityProfile,
)
from spid_cie_oidc.entity.jwks import create_jwk  # noqa: E402
from spid_cie_oidc.entity.models import FederationEntityConfiguration  # noqa: E402
from spid_cie_oidc.entity.views import entity_configuration  # noqa: E402

urlpatterns = [
    path("", include("spid_cie_oidc.entity.urls")),
    path("", include("spid_cie_oidc.authority.urls")),
    path("", include("spid_cie_oidc.provider.urls")),
    path("oidc/op/.well-known/openid-federation", entity_configuration),
]


def key(use):
    return {**create_jwk(), "use": use}


def member(of, kind):
    profile, _ = FederationEntityProfile.objects.get_or_create(
        profile_category=kind,
        profile_id=f"https://127.0.0.1/profile/{kind}",
        defaults={"name": kind, "trust_mark_template": {"ref": "https://127.0.0.1"}},
    )
    FederationEntityAssignedProfile.objects.get_or_create(
        descendant=of, profile=profile, issuer=FederationEntityConfiguration.objects.get(sub=ANCHOR)
    )


def found():
    """The anchor, the provider below it, and a person who has an account there."""
    contacts = ["protocollo@pec.example.it"]
    FederationEntityConfiguration.objects.create(
        sub=ANCHOR,
        jwks_fed=[key("sig")],
        jwks_core=[],
        entity_type="federation_entity",
        constraints={"max_path_length": 1},
        metadata={
            "federation_entity": {
                "organization_name": "Ancora di prova",
                "homepage_uri": ANCHOR,
                "contacts": contacts,
                "federation_fetch_endpoint": f"{ANCHOR}/fetch",
                "federation_list_endpoint": f"{ANCHOR}/list",
                "federation_resolve_endpoint": f"{ANCHOR}/resolve",
                "federation_trust_mark_status_endpoint": f"{ANCHOR}/trust_mark_status",
            }
        },
        is_active=True,
    )
    core = [key("sig"), key("enc")]
    provider = FederationEntityConfiguration.objects.create(
        sub=PROVIDER,
        jwks_fed=[key("sig")],
        jwks_core=core,
        entity_type="openid_provider",
        authority_hints=[ANCHOR],
        metadata={
            "openid_provider": {
                "issuer": PROVIDER,
                "organization_name": "Gestore di prova",
                "authorization_endpoint": f"{PROVIDER}/authorization",
                "token_endpoint": f"{PROVIDER}/token",
                "userinfo_endpoint": f"{PROVIDER}/userinfo",
                "revocation_endpoint": f"{PROVIDER}/revocation",
                "introspection_endpoint": f"{PROVIDER}/introspection",
                "jwks": {"keys": [public(core[0]), public(core[1])]},
                "client_registration_types_supported": ["automatic"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "offline_access"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "form_post"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "acr_values_supported": [f"https://www.spid.gov.it/SpidL{level}" for level in (1, 2, 3)],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "id_token_encryption_alg_values_supported": ["RSA-OAEP"],
                "id_token_encryption_enc_values_supported": ["A256CBC-HS512"],
                "userinfo_signing_alg_values_supported": ["RS256"],
                "userinfo_encryption_alg_values_supported": ["RSA-OAEP", "RSA-OAEP-256"],
                "userinfo_encryption_enc_values_supported": ["A256CBC-HS512"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
                "request_object_signing_alg_values_supported": ["RS256"],
                "request_object_encryption_alg_values_supported": ["RSA-OAEP"],
                "request_object_encryption_enc_values_supported": ["A256CBC-HS512"],
                "request_parameter_supported": True,
                "claims_parameter_supported": True,
                "authorization_response_iss_parameter_supported": True,
                "request_authentication_methods_supported": {"ar": ["request_object"]},
            },
            "federation_entity": {
                "organization_name": "Gestore di prova",
                "homepage_uri": PROVIDER,
                "contacts": contacts,
            },
        },
        is_active=True,
    )
    below = FederationDescendant.objects.create(
        name="Gestore di prova",
        sub=PROVIDER,
        type="openid_provider",
        jwks=provider.public_jwks,
        status="valid",
        is_active=True,
    )
    member(below, "openid_provider")
    person = get_user_model().objects.create_user("anna", password="una parola di prova")
    person.attributes = {
        "https://attributes.eid.gov.it/fiscal_number": "TINIT-RSSMRA80A41C707O",
        "given_name": "Anna",
        "family_name": "Rossi",
    }
    person.save()


def public(private):
    from spid_cie_oidc.entity.jwks import public_jwk_from_private_jwk

    return {**public_jwk_from_private_jwk(private), "use": private["use"]}


def obey(command):
    if "enrol" in command:
        party = FederationDescendant.objects.create(
            name="Comune di prova",
            sub=command["enrol"],
            type="openid_relying_party",
            jwks=command["keys"],
            status="valid",
            is_active=True,
        )
        member(party, "openid_relying_party")
    elif "policy" in command:
        FederationDescendant.objects.filter(sub=PROVIDER).update(
            metadata_policy={"openid_provider": command["policy"]}
        )
    elif "active" in command:
        FederationDescendant.objects.filter(sub=PROVIDER).update(is_active=command["active"])


def main():
    call_command("migrate", verbosity=0)
    found()
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    anchor = FederationEntityConfiguration.objects.get(sub=ANCHOR)
    (Path(FOLDER) / "anchor.jwks").write_text(json.dumps({"keys": anchor.public_jwks}))
    print("ready", ANCHOR, PROVIDER, flush=True)
    for line in sys.stdin:
        try:
            obey(json.loads(line))
            print("done", flush=True)
        except Exception as error:  # The test shows it.
            print(f"failed: {error!r}", flush=True)


main()
