"""Background jobs: work that takes longer than a page may, done by a worker, with progress, a result and a file to take away.

Declare one, anywhere that is imported with the screens (``views.py``, or a file it imports)::

    from core.jobs.registry import job
    from core.jobs.work import Work

    @job("list.export", title=_("Export of %(what)s"), icon="download")      # title % params
    def export(work: Work, **params) -> None:
        work.total(rows.count())
        for row in rows:
            ...
            work.step(note=row.name)                  # progress; raises Cancelled when somebody cancelled it
        work.attach("orders.csv", content, "text/csv")       # visible to the job's owner only
        work.result({"rows": 5000})

Start it with ``start_job("list.export", {...}, by=user, back=url)``; inside an operation that holds its own lock, ``register_job``.
A job runs outside any surrounding transaction: each unit of work commits by itself. A worker that is killed leaves its lease
behind; the job is picked up again when it ran out, so a job function must be repeatable (``work.again`` says that it is a repetition).
In tests: ``work_jobs()`` from ``core.jobs.worker``.
"""
