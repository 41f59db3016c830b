"""Guards: triggers that no session can talk its way past.

An ordinary pgtrigger steps aside when the session sets ``pgtrigger.ignore``, which any database role may do, and its function
looks tables up along the session's own search path, where a temporary table may stand in front. A guard does neither.
"""

from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

ERROR = "integrity_constraint_violation"
"""The SQLSTATE guards raise: Django meets it as IntegrityError."""


class GuardSql(compiler.UpsertTriggerSql):
    """The installation of a guard. Migrations refer to it: make a new class rather than changing it."""

    def get_template(self) -> str:
        """The function, then the trigger that runs it."""
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class KeepingSql(GuardSql):
    """The installation of a keeper. Migrations refer to it: make a new class rather than changing it."""

    def get_template(self) -> str:
        """As of a guard, with the rights of its owner."""
        return super().get_template().replace("LANGUAGE plpgsql SET", "LANGUAGE plpgsql SECURITY DEFINER SET")


class Guard(pgtrigger.Trigger):
    """A trigger that holds for everybody but the owner of the table."""

    sql_class: type[GuardSql] = GuardSql

    def compile(self, model: models.Model) -> compiler.Trigger:
        """What goes into the migration."""
        given: dict[str, Any] = super().compile(model).sql.kwargs
        given.pop("ignore_func_name", None)
        return compiler.Trigger(name=self.name, sql=self.sql_class(**given))


class Keeper(Guard):
    """A guard that writes what follows from the rows of its table elsewhere, where the session itself may write nothing.

    Anybody may hang a trigger's function on a table of their own, so it looks first whose trigger it is.
    """

    sql_class = KeepingSql

    def get_func(self, model: models.Model) -> str:
        """What it does, once it is sure for whom."""
        return f"""
        IF TG_RELID <> 'public.{model._meta.db_table}'::regclass THEN
            RAISE EXCEPTION 'This trigger belongs to {model._meta.db_table}.' USING ERRCODE = '{ERROR}';
        END IF;
        {super().get_func(model)}"""


def refuse(name: str, operation: pgtrigger.Operation, message: str) -> Guard:
    """A guard that refuses an operation with ``message``, which may name the table as %."""
    row = operation is not pgtrigger.Truncate
    return Guard(
        name=name,
        level=pgtrigger.Row if row else pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        func=f"RAISE EXCEPTION '{message}', TG_TABLE_NAME USING ERRCODE = '{ERROR}';",
    )


POSTED = [
    refuse("posted", pgtrigger.Update | pgtrigger.Delete, "Posted rows of % stay as they are: correct them with new rows."),
    refuse("never_emptied", pgtrigger.Truncate, "Rows of % are never removed."),
]
"""For a table whose rows, once written, stay as they are for everybody."""

ERASED = "[erased]"
"""What stands in posted rows where a person's facts were."""

ERASABLE = [
    Guard(
        name="posted",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' AND only_erased(to_jsonb(OLD), to_jsonb(NEW)) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'Posted rows of % stay as they are: correct them with new rows.', TG_TABLE_NAME USING ERRCODE = '{ERROR}';
        """,
    ),
    POSTED[1],
]
"""As ``POSTED``, but where an erasure is written down in the same transaction, a person's facts may give way to ``ERASED``: to nothing else."""

KEPT = [
    refuse("kept", pgtrigger.Delete, "Rows of % are never deleted."),
    refuse("never_emptied", pgtrigger.Truncate, "Rows of % are never removed."),
]
"""For a table whose rows change by operations, and are never removed."""
