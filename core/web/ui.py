"""What a module's ``views.py``, ``forms.py`` and ``urls.py`` need: ``from core.web import ui``. See ``core.web``'s docstring."""

from core.web import charts, figures
from core.web.boards import BoardScreen
from core.web.bulk import Bulk, assign_owner, switch
from core.web.cells import Cell, Custom, Day, Link, Meter, Moment, Money, Number, Party, Percent, Person, Quantity, Status, Text, YesNo
from core.web.composer import provide_composer
from core.web.conditions import Where
from core.web.counts import Count, how_many, how_much, provide_counts
from core.web.deeds import Deed
from core.web.editing import EditScreen
from core.web.fields import DayField, MomentField, NumberField, PercentField
from core.web.filters import Period, Segment, Select
from core.web.forms import CreateScreen, FormScreen, Grid, Note, Preview
from core.web.gathering import Gather, Line, gathered
from core.web.home import HomeCard, Kpi, Step, Task, against, card, change, kpi, step, tasks
from core.web.hooks import Document, SignIn, provide_documents, provide_sign_ins, provide_timeline
from core.web.house import currency, house
from core.web.inline import Inline
from core.web.lanes import Lane, Quick, Signal
from core.web.lists import Empty, ListScreen
from core.web.lookups import Lookup, LookupField, choices_of, provide_lookup
from core.web.markup import LEGAL_FORMS, meter
from core.web.records import RecordScreen
from core.web.registry import Nav, list_url_of, routes, url_for, url_of
from core.web.reports import Head, Report, ReportScreen, Row
from core.web.screen import Action, Crumb, Screen, StaffRequest
from core.web.sections import Documents, Entry, Facts, Files, History, Item, Items, Lines, Panel, Related, Section, Table, Timeline
from core.web.spans import COMPARISONS, compared, month_end, months_before
from core.web.verbs import Verb

__all__ = [
    "COMPARISONS",
    "LEGAL_FORMS",
    "Action",
    "BoardScreen",
    "Bulk",
    "Cell",
    "Count",
    "CreateScreen",
    "Crumb",
    "Custom",
    "Day",
    "DayField",
    "Deed",
    "Document",
    "Documents",
    "EditScreen",
    "Empty",
    "Entry",
    "Facts",
    "Files",
    "FormScreen",
    "Gather",
    "Grid",
    "Head",
    "History",
    "HomeCard",
    "Inline",
    "Item",
    "Items",
    "Kpi",
    "Lane",
    "Line",
    "Lines",
    "Link",
    "ListScreen",
    "Lookup",
    "LookupField",
    "Meter",
    "Moment",
    "MomentField",
    "Money",
    "Nav",
    "Note",
    "Number",
    "NumberField",
    "Panel",
    "Party",
    "Percent",
    "PercentField",
    "Period",
    "Person",
    "Preview",
    "Quantity",
    "Quick",
    "RecordScreen",
    "Related",
    "Report",
    "ReportScreen",
    "Row",
    "Screen",
    "Section",
    "Segment",
    "Select",
    "SignIn",
    "Signal",
    "StaffRequest",
    "Status",
    "Step",
    "Table",
    "Task",
    "Text",
    "Timeline",
    "Verb",
    "Where",
    "YesNo",
    "against",
    "assign_owner",
    "card",
    "change",
    "charts",
    "choices_of",
    "compared",
    "currency",
    "figures",
    "gathered",
    "house",
    "how_many",
    "how_much",
    "kpi",
    "list_url_of",
    "meter",
    "month_end",
    "months_before",
    "provide_composer",
    "provide_counts",
    "provide_documents",
    "provide_lookup",
    "provide_sign_ins",
    "provide_timeline",
    "routes",
    "step",
    "switch",
    "tasks",
    "url_for",
    "url_of",
]
