"""Who is this: local accounts with password and one-time code, or an OpenID provider.

Local accounts are the embedded default: both factors at once, asked of the register, recorded
there. In production an OpenID provider proves the person, and what it says about *how* (``amr``
or ``acr``) is required, not merely asked for. Either way JupyterHub stores nothing but the
name, and whether the person may still be here is read from the register again at every refresh
(30 seconds at most) and before every spawn.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from jupyterhub.auth import Authenticator
from oauthenticator.generic import GenericOAuthenticator
from tornado import web
from traitlets import Int, List, Unicode

from enclave.access import account_rules
from enclave.actions import Action
from enclave.adapters.foundation import Foundation
from enclave.adapters.translations import both
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Refusal, decide
from enclave.errors import DeniedError, EnclaveError
from enclave.identity import Person, check_username
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.sign_in import sign_in

LONGEST_INPUT = 256


def may_stay(work: Work, username: str) -> bool:
    """Whether the register still lets this person in."""
    return _refusal(work, username) is None


def _refusal(work: Work, username: str) -> Refusal | None:
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    rules = account_rules(account, organisation, work.now.date())
    return next(iter(decide(Person(username), Action.SIGN_IN, username, rules).refusals), None)


def in_both_languages(error: EnclaveError) -> str:
    """An error's sentence, Japanese first."""
    texts = both(error.sentence)
    return f"{texts['ja']} {texts['en']}"


class LocalSignIn(Authenticator):  # type: ignore[misc]  # JupyterHub's classes are untyped
    """Local accounts; the register decides, JupyterHub asks."""

    foundation: ClassVar[Foundation]

    @classmethod
    def over(cls, foundation: Foundation) -> type["LocalSignIn"]:
        """The authenticator class of one hub."""
        return type("HouseSignIn", (cls,), {"foundation": foundation, "__module__": __name__})

    async def authenticate(self, handler: Any, data: Mapping[str, str] | None) -> str | None:  # noqa: ARG002  JupyterHub's signature
        """The username whose password and code these are.

        Raises:
            web.HTTPError: 403 with the register's sentence, shown above the form.
        """
        data = data or {}
        username, password = data.get("username", ""), data.get("password", "")
        code = data.get("otp", "").replace(" ", "")
        if max(len(username), len(password), len(code)) > LONGEST_INPUT:
            return None
        try:
            check_username(username)
            person = await asyncio.to_thread(
                sign_in, self.foundation.database, self.foundation.passwords, username, password, code
            )
        except EnclaveError as error:
            raise web.HTTPError(403, "%s", in_both_languages(error)) from error
        return person.username

    async def refresh_user(self, user: Any, handler: Any = None) -> bool:  # noqa: ARG002  JupyterHub's signature
        """Whether the person may go on, with the facts of this moment."""
        return await asyncio.to_thread(_may_stay, self.foundation, user.name)


def _may_stay(foundation: Foundation, username: str) -> bool:
    with foundation.database.read() as work:
        return may_stay(work, username)


def claim_refusal(
    claims: Mapping[str, Any],
    required_amr: tuple[str, ...],
    required_acr: tuple[str, ...],
    max_age: int,
    now: int,
) -> Refusal | None:
    """What is wrong with how an OpenID provider says it proved the person; None when nothing is.

    With no requirement configured every claim is refused: asking for a second factor proves nothing.
    """
    amr = claims.get("amr")
    methods = set(amr) if isinstance(amr, (list, tuple)) and all(isinstance(m, str) for m in amr) else set()
    if not required_amr and not required_acr:
        return Refusal("no_requirement", say("The sign-in demands no second factor. Ask the operator."))
    if required_amr and not set(required_amr) <= methods:
        return Refusal(
            "amr", say("Sign in with your second factor; the provider did not say that it was used.")
        )
    if required_acr and claims.get("acr") not in required_acr:
        return Refusal(
            "acr", say("Sign in with your second factor; the provider did not say that it was used.")
        )
    at = claims.get("auth_time")
    if type(at) is not int or not now - max_age <= at <= now + 60:
        return Refusal("auth_time", say("Your sign-in at the provider is too old. Sign in again."))
    return None


class OidcSignIn(GenericOAuthenticator):  # type: ignore[misc]  # oauthenticator's classes are untyped
    """An OpenID provider with a required second factor; the register still decides who may enter."""

    foundation: ClassVar[Foundation]
    required_amr = List(
        Unicode(), config=True, help="Methods that the provider must name in amr, all of them."
    )
    required_acr = List(Unicode(), config=True, help="Contexts of which the provider must name one in acr.")
    max_sign_in_age = Int(
        3600, config=True, help="Seconds since the person proved themselves at the provider."
    )

    @classmethod
    def over(cls, foundation: Foundation) -> type["OidcSignIn"]:
        """The authenticator class of one hub."""
        return type("HouseOidcSignIn", (cls,), {"foundation": foundation, "__module__": __name__})

    async def update_auth_model(self, auth_model: dict[str, Any]) -> dict[str, Any]:
        """The model unchanged, when provider and register both agree; recorded either way.

        Raises:
            web.HTTPError: 403 with the sentence of what is missing.
        """
        claims = auth_model["auth_state"][self.user_auth_state_key]
        try:
            await asyncio.to_thread(self._admit, str(auth_model["name"]), claims)
        except DeniedError as error:
            raise web.HTTPError(403, "%s", in_both_languages(error)) from error
        return {**auth_model, "admin": None, "auth_state": None}

    def _admit(self, username: str, claims: Mapping[str, Any]) -> None:
        with self.foundation.database.begin() as work:
            refusal = claim_refusal(
                claims,
                tuple(self.required_amr),
                tuple(self.required_acr),
                self.max_sign_in_age,
                int(work.now.timestamp()),
            ) or _refusal(work, username)
            kind = Kind.PERSON_REFUSED if refusal else Kind.PERSON_SIGNED_IN
            known = work.register.find_account(username) is not None
            facts = {"what": "oidc", "code": refusal.code if refusal else ""}
            work.record(EventDraft(kind, username if known else "unknown", facts=facts))
        if refusal:
            raise DeniedError(refusal.code, refusal.sentence)

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> bool:  # noqa: ARG002  JupyterHub's signature
        """Whether the register lets the person go on; the provider is asked at sign-in."""
        return await asyncio.to_thread(_may_stay, self.foundation, user.name)
