"""A language model that knows one name, or fails as it is told to."""

from output_review.ports import PeopleInProse


class PretendProse:
    """The ``ProseReader`` port: ``name`` is a person wherever it stands."""

    def __init__(self, name: str = "畤乂彁", *, reaches: int = 1_000_000) -> None:
        self.name = name
        self.reaches = reaches
        self.asked: list[tuple[str, str]] = []
        self.fails_with: Exception | None = None

    def people(self, job: str, text: str) -> PeopleInProse:
        self.asked.append((job, text))
        if self.fails_with:
            raise self.fails_with
        examined = min(len(text), self.reaches)
        places = [at for at in range(examined) if text.startswith(self.name, at)]
        return PeopleInProse(tuple((at, at + len(self.name)) for at in places), examined)
