"""What a module's ``views.py``, ``forms.py`` and ``urls.py`` need: ``from core.web import ui``. See ``core.web``'s docstring."""

from core.web import charts, figures
from core.web.boards import BoardScreen, Lane, Quick, Signal
from core.web.cells import Cell, Custom, Day, Link, Meter, Moment, Money, Number, Party, Percent, Person, Quantity, Status, Text, YesNo
from core.web.fields import DayField, NumberField, PercentField
from core.web.filters import Period, Segment, Select
from core.web.forms import CreateScreen, EditScreen, FormScreen, Grid, Note, Preview
from core.web.home import HomeCard, Kpi, Task, card, kpi, tasks
from core.web.hooks import SignIn, provide_sign_ins, provide_timeline
from core.web.house import currency, house
from core.web.lists import Empty, ListScreen
from core.web.lookups import Lookup, LookupField, choices_of, provide_lookup
from core.web.records import RecordScreen
from core.web.registry import Nav, list_url_of, routes, url_for, url_of
from core.web.reports import Head, Report, ReportScreen, Row
from core.web.screen import Action, Crumb, Screen, StaffRequest
from core.web.sections import Entry, Facts, Files, History, Item, Items, Lines, Panel, Related, Section, Table, Timeline
from core.web.verbs import Verb

__all__ = [
    "Action",
    "BoardScreen",
    "Cell",
    "CreateScreen",
    "Crumb",
    "Custom",
    "Day",
    "DayField",
    "EditScreen",
    "Empty",
    "Entry",
    "Facts",
    "Files",
    "FormScreen",
    "Grid",
    "Head",
    "History",
    "HomeCard",
    "Item",
    "Items",
    "Kpi",
    "Lane",
    "Lines",
    "Link",
    "ListScreen",
    "Lookup",
    "LookupField",
    "Meter",
    "Moment",
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
    "Table",
    "Task",
    "Text",
    "Timeline",
    "Verb",
    "YesNo",
    "card",
    "charts",
    "choices_of",
    "currency",
    "figures",
    "house",
    "kpi",
    "list_url_of",
    "provide_lookup",
    "provide_sign_ins",
    "provide_timeline",
    "routes",
    "tasks",
    "url_for",
    "url_of",
]
