"""The Celery application of the workers under trial: the product's own, with the bells, and with the contender when it is its turn."""

import os

import django

from config.celery import app

django.setup()

from tests.faults import bells, contender  # noqa: E402 - models come after the settings

__all__ = ["app", "bells"]

if os.environ.get("FAULTS_CONTENDER"):
    contender.instead_of_the_engine(app).__enter__()
