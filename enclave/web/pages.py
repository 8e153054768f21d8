"""Pages, and the same content as JSON: one model, two renderings.

A page hands over a template's name and a model made of plain values, sentences and times. A
client that accepts ``application/json`` and not HTML gets the model itself, sentences as
``{"ja", "en"}`` and times as ISO 8601 UTC. Everybody else gets the template, autoescaped, in
the language they chose. What a person can read on a page a program can read as JSON, and
nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import BaseLoader, ChoiceLoader, Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from enclave.identity import Person
from enclave.sentences import Sentence
from enclave.web.languages import COOKIE, Translate, in_japan
from enclave.web.rooms import NOTICES, rooms_for
from enclave.web.sessions import Session
from enclave.web.visits import Visit, language_of

YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two origins of the house are."""

    portal: str
    hub: str

    @property
    def over_tls(self) -> bool:
        return self.portal.startswith("https://")


class Pages:
    """Renders every page of the portal."""

    def __init__(
        self,
        loaders: Sequence[BaseLoader],
        translate: Translate,
        addresses: Addresses,
        states: Mapping[str, tuple[str, Sentence]],
    ) -> None:
        self._translate = translate
        self._states = states
        self.addresses = addresses
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["japan"] = in_japan
        self._environment.filters["utc"] = _utc

    def answer(
        self,
        visit: Visit,
        template: str,
        model: Mapping[str, Any],
        view: Mapping[str, Any] | None = None,
        status: int = 200,
    ) -> Response:
        """A page for a signed-in person; ``view`` is arrangement that only the template needs."""
        return self.render(
            visit.request,
            template,
            model,
            view=view,
            status=status,
            person=visit.person,
            session=visit.session,
        )

    def done(self, visit: Visit, place: str, notice: str, model: Mapping[str, Any]) -> Response:
        """After a change: the page to look at next, with a notice; as JSON the outcome itself."""
        if wants_json(visit.request):
            return JSONResponse(self.plain(model))
        return RedirectResponse(f"{place}?{urlencode({'done': notice})}", 303)

    def render(
        self,
        request: Request,
        template: str,
        model: Mapping[str, Any],
        *,
        view: Mapping[str, Any] | None = None,
        status: int = 200,
        person: Person | None = None,
        session: Session | None = None,
    ) -> Response:
        """A page for anybody, or its model."""
        if wants_json(request):
            return JSONResponse(self.plain(model), status)
        language = language_of(request).value
        ambient = {
            "_": self._speaker(language),
            "lang": language,
            "other": language_of(request).other.value,
            "here": request.url.path,
            "notice": NOTICES.get(request.query_params.get("done", "")),
            "rooms": rooms_for(person),
            "states": self._states,
            "visitor": person,
            "csrf": session.csrf if session else "",
            "hub_address": self.addresses.hub,
        }
        context = {**model, **(view or {}), **ambient}
        response = HTMLResponse(self._environment.get_template(template).render(context), status)
        if request.query_params.get("lang") == language:
            response.set_cookie(
                COOKIE,
                language,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="strict",
                secure=self.addresses.over_tls,
            )
        return response

    def plain(self, value: Any) -> Any:
        """The value as JSON has it: sentences in both languages, times in UTC."""
        if isinstance(value, Sentence):
            return {"ja": self._translate(value, "ja"), "en": self._translate(value, "en")}
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, Mapping):
            return {str(key): self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return value

    def _speaker(self, language: str) -> Callable[..., str]:
        def speak(text: str | Sentence | Mapping[str, str], **values: str | int | Sentence) -> str:
            if isinstance(text, Mapping):
                return text[language]
            sentence = text if isinstance(text, Sentence) else Sentence(text, values)
            return self._translate(sentence, language)

        return speak


def wants_json(request: Request) -> bool:
    """Whether a program is asking: JSON is accepted and HTML is not."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _utc(moment: datetime | str) -> str:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
