"""The tests mirror the tree, and the list of modules is the list of folders."""

import pytest

from config.modules import MODULES, Module
from tests.architecture.code import ROOT


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.label)
def test_every_module_has_tests_of_its_own(module: Module) -> None:
    folder = ROOT / "tests" / module.package.replace(".", "/")
    assert list(folder.glob("test_*.py")), f"{folder.relative_to(ROOT)} has no tests"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.label)
def test_every_module_has_all_its_faces(module: Module) -> None:
    folder = ROOT / module.package.replace(".", "/")
    for face in ("models", "operations", "events", "permissions", "views", "api", "admin", "urls"):
        assert (folder / f"{face}.py").exists() or (folder / face / "__init__.py").exists(), f"{module.package} has no {face}"


def test_every_folder_of_an_office_is_in_the_list_of_modules() -> None:
    listed = {module.package for module in MODULES}
    found = {
        f"{office}.{folder.name}"
        for office in ("frontoffice", "backoffice")
        for folder in (ROOT / office).iterdir()
        if (folder / "__init__.py").exists()
    }
    assert found == listed
