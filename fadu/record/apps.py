"""The record as a Django app."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The journal, its heads, the evidence vault and the notes of access."""

    name = "fadu.record"
    label = "record"
    verbose_name = "全过程记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the vault which bytes evidence rows need, and put the pages into the shell."""
        from fadu.record import queries, references, shell  # noqa: F401

        references.register_source(queries.evidence_references)
