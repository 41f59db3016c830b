"""Template tags of the staff pages."""

from django import template

register = template.Library()
