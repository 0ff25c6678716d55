"""What the workers of the task queue are asked to do."""

from django_tasks import TaskContext, task

from claims.jobs.run import run


@task(takes_context=True)
def run_job(context: TaskContext, pk: int) -> None:
    """Do the job of this key, if it is still waiting."""
    run(pk, worker=context.task_result.worker_ids[-1] if context.task_result.worker_ids else "")
