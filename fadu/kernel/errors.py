"""The refusals of the house: each is a sentence a person can read, and maps to one HTTP answer."""

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - the word of the law, not an error of ours
    """An act was refused; ``reasons`` are the sentences shown beside the button and written nowhere else."""

    status = 409

    def __init__(self, *reasons: str) -> None:
        """``reasons``: Chinese sentences, each naming its article where it rests on one."""
        self.reasons = tuple(reasons)
        super().__init__("；".join(reasons))


class NotCompetent(Refused):
    """主体不适格: this person may not do this here (403)."""

    status = 403


class OutOfOrder(Refused):
    """程序违法: the state, the papers or the periods do not allow the act now (409)."""

    status = 409


class Invalid(Refused):
    """What was entered is not acceptable; ``field_errors`` maps a field's name to a Chinese sentence (422)."""

    status = 422

    def __init__(self, field_errors: Mapping[str, str]) -> None:
        """``field_errors``: field name (``""`` for the whole form) → sentence that says what to do."""
        self.field_errors = dict(field_errors)
        super().__init__(*self.field_errors.values())
