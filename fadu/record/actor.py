"""Who acted: the person as he or she stood that day, kept in the record by value and not by key."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program) who acts; the record keeps these words even when posts and names change later."""

    officer_id: int | None
    name: str
    post: str = ""
    organ: str = ""
    certificate: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an actor has a name")

    @classmethod
    def program(cls, name: str = "系统") -> "Actor":
        """The program itself, for acts that no person takes, such as an alarm that a period has run out."""
        return cls(None, name)

    def as_record(self) -> dict[str, object]:
        """The actor as it stands in an entry's body."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）" if self.post else self.name
