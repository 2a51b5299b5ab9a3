"""A contract for import-linter that it does not bring along."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """The modules of a package import each other and the standard library; nothing else."""

    package = fields.ModuleField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        package: str = self.package.name  # type: ignore[attr-defined]
        own = {package, *graph.find_descendants(package)}
        allowed = own | sys.stdlib_module_names
        foreign = [
            (name, imported)
            for name in sorted(own)
            for imported in sorted(graph.find_modules_directly_imported_by(name))
            if imported not in allowed
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for name, imported in check.metadata["foreign"]:
            output.print_error(f"{name} imports {imported}", bold=False)
