"""Who is this: local accounts with password and one-time code, or an OpenID provider.

Local accounts are the embedded default: both factors at once, asked of the register, recorded
there. In production an OpenID provider proves the person, and what it says about *how* (``amr``
or ``acr``) is required, not merely asked for. Either way JupyterHub stores nothing but the
name, and whether the person may still be here is read from the register again at every refresh
(4 seconds at most) and before every spawn.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import jwt
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
from enclave.credentials import RECOVERY_CODES
from enclave.decisions import Refusal, decide
from enclave.errors import DeniedError, EnclaveError
from enclave.identity import Person, check_username
from enclave.ports import Work
from enclave.sentences import Sentence, say
from enclave.use_cases.sign_in import sign_in
from hub.roles import groups_of

LONGEST_INPUT = 256
MAX_SIGN_IN_AGE = 3600
"""Seconds since the person proved themselves at the provider."""


def may_stay(work: Work, username: str) -> bool:
    """Whether the register still lets this person in."""
    return _refusal(work, username) is None


def _refusal(work: Work, username: str) -> Refusal | None:
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    rules = account_rules(account, organisation, work.now.date())
    return next(iter(decide(Person(username), Action.SIGN_IN, username, rules).refusals), None)


def standing(work: Work, username: str) -> list[str] | None:
    """The hub's groups of this person; None when the register does not let them in any more."""
    account = work.register.find_account(username)
    return groups_of(account.roles) if account is not None and may_stay(work, username) else None


def refreshed(foundation: Foundation, username: str, groups: frozenset[str]) -> bool | dict[str, Any]:
    """What a refresh says: False to shut out, True when nothing changed, else the groups as they are now."""
    with foundation.database.read() as work:
        now = standing(work, username)
    if now is None:
        return False
    return True if frozenset(now) == groups else {"name": username, "groups": now}


def in_both_languages(error: EnclaveError) -> str:
    """An error's sentence, Japanese first."""
    texts = both(error.sentence)
    return f"{texts['ja']} {texts['en']}"


def recovery_note(foundation: Foundation, username: str) -> Sentence | None:
    """How many recovery codes are left, once some are used; what to do when they run out."""
    with foundation.database.read() as work:
        credential = work.register.find_credential(username)
    if credential is None or len(credential.recovery) >= RECOVERY_CODES:
        return None
    return say(
        "Recovery codes left: {left}. For new ones, set up your sign-in anew at the portal and hand the operator "
        "the credential it shows.",
        left=len(credential.recovery),
    )


class LocalSignIn(Authenticator):  # type: ignore[misc]  # JupyterHub's classes are untyped
    """Local accounts; the register decides, JupyterHub asks."""

    foundation: ClassVar[Foundation]

    @classmethod
    def over(cls, foundation: Foundation) -> type["LocalSignIn"]:
        """The authenticator class of one hub."""
        return type("HouseSignIn", (cls,), {"foundation": foundation, "__module__": __name__})

    async def authenticate(self, handler: Any, data: Mapping[str, str] | None) -> dict[str, Any] | None:  # noqa: ARG002  JupyterHub's signature
        """Name and groups of whose password and code these are; the code may be a recovery code.

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
                sign_in,
                self.foundation.database,
                self.foundation.passwords,
                username,
                password,
                code,
                recovery=True,
            )
        except EnclaveError as error:
            raise web.HTTPError(403, "%s", in_both_languages(error)) from error
        return {"name": person.username, "groups": await asyncio.to_thread(self._groups, person.username)}

    def _groups(self, username: str) -> list[str]:
        with self.foundation.database.read() as work:
            return standing(work, username) or []

    async def refresh_user(self, user: Any, handler: Any = None) -> bool | dict[str, Any]:  # noqa: ARG002  JupyterHub's signature
        """Whether the person may go on and in which groups, with the facts of this moment."""
        return await asyncio.to_thread(refreshed, self.foundation, user.name, groups_now(user))


def groups_now(user: Any) -> frozenset[str]:
    """The groups that the hub has a person in."""
    return frozenset(group.name for group in user.groups)


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
        MAX_SIGN_IN_AGE, config=True, help="Seconds since the person proved themselves at the provider."
    )
    issuer = Unicode(config=True, help="Who must have issued the id token.")

    @classmethod
    def over(cls, foundation: Foundation) -> type["OidcSignIn"]:
        """The authenticator class of one hub."""
        return type("HouseOidcSignIn", (cls,), {"foundation": foundation, "__module__": __name__})

    async def token_to_user(self, token_info: Mapping[str, Any]) -> dict[str, Any]:
        """The id token's claims, when this provider issued it for this house and it is in force.

        It came straight from the provider over TLS, which stands for its signature (OpenID
        Connect Core, 3.1.3.7). What cannot be read is refused without repeating it: oauthenticator's
        own way would put tokens into the log and onto the page.

        Raises:
            web.HTTPError: 403 with the sentence of what is wrong.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                str(token_info.get("id_token", "")),
                audience=self.client_id,
                issuer=self.issuer,
                options={
                    "verify_signature": False,
                    "verify_aud": True,
                    "verify_iss": True,
                    "verify_exp": True,
                    "verify_iat": True,
                    "require": ["iss", "sub", "aud", "exp", "iat"],
                },
            )
        except jwt.PyJWTError as error:
            with_words = DeniedError(
                "id_token", say("The provider's answer is not for this house. Sign in again.")
            )
            await asyncio.to_thread(self._refuse, with_words.code)
            raise web.HTTPError(403, "%s", in_both_languages(with_words)) from error
        return claims

    def _refuse(self, code: str) -> None:
        with self.foundation.database.begin() as work:
            work.record(EventDraft(Kind.PERSON_REFUSED, "unknown", facts={"what": "oidc", "code": code}))

    async def update_auth_model(self, auth_model: dict[str, Any]) -> dict[str, Any]:
        """The model unchanged, when provider and register both agree; recorded either way.

        Raises:
            web.HTTPError: 403 with the sentence of what is missing.
        """
        claims = auth_model["auth_state"][self.user_auth_state_key]
        try:
            # the name as the provider says it: JupyterHub writes every name small, and so would
            # let the provider's MEI in as the register's mei
            await asyncio.to_thread(self._admit, str(claims.get(self.username_claim, "")), claims)
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

    def get_user_groups(self, auth_state: Any) -> set[str]:  # noqa: ARG002  oauthenticator's signature
        """None: what a provider says of groups is no right of this house."""
        return set()

    async def authenticate(self, handler: Any, data: Any = None, **more: Any) -> dict[str, Any] | None:
        """As the provider proved it, with the groups that the register gives; the provider gives none."""
        model: dict[str, Any] | None = await super().authenticate(handler, data, **more)
        return None if model is None else {**model, "groups": await asyncio.to_thread(self._groups, model)}

    def _groups(self, model: Mapping[str, Any]) -> list[str]:
        with self.foundation.database.read() as work:
            return standing(work, str(model["name"])) or []

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> bool | dict[str, Any]:  # noqa: ARG002  JupyterHub's signature
        """Whether the register lets the person go on and in which groups; the provider is asked at sign-in."""
        return await asyncio.to_thread(refreshed, self.foundation, user.name, groups_now(user))
