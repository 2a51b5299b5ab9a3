"""A contract for import-linter that it does not bring along."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """The modules import each other and the standard library; nothing else."""

    modules = fields.ListField(subfield=fields.ModuleField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        engine: list[str] = sorted(module.name for module in self.modules)  # type: ignore[attr-defined]
        allowed = {*engine, *sys.stdlib_module_names}
        foreign = [
            (name, imported)
            for name in engine
            for imported in sorted(graph.find_modules_directly_imported_by(name))
            if imported not in allowed
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for name, imported in check.metadata["foreign"]:
            output.print_error(f"{name} imports {imported}", bold=False)
