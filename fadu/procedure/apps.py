"""Registers the procedure floor: the reading rights on papers and evidence, and the entries of the shell."""

from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    """程序"""

    name = "fadu.procedure"
    verbose_name = "程序"

    def ready(self) -> None:
        """Tell the floors below who may read a paper or a piece of evidence, and who may audit such readings."""
        from fadu.document import access as papers
        from fadu.org import delegable
        from fadu.procedure import shell, views
        from fadu.procedure.queries import approvals_of, chains_seen
        from fadu.record import access as evidence
        from fadu.reminder import access as reminders

        papers.register_reader(views.paper_reader)
        evidence.register_reader(views.evidence_reader)
        evidence.register_auditor(views.matters_auditor)
        evidence.register_address(views.matter_address)
        delegable.provider(approvals_of)
        reminders.register_reader(chains_seen)
        shell.register()
