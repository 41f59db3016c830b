"""The pages of the import wizard."""

from core.imports import working
from core.imports.views.entry import ChooseKind, Imports, TemplateFile, Upload
from core.imports.views.runs import Columns, Correct, Discard, Revert, Run, Settle, Start, WrongRows

__all__ = [
    "ChooseKind",
    "Columns",
    "Correct",
    "Discard",
    "Imports",
    "Revert",
    "Run",
    "Settle",
    "Start",
    "TemplateFile",
    "Upload",
    "WrongRows",
    "working",
]  # working: importing it makes its jobs known
