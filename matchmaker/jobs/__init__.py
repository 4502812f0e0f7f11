"""Background work: a queue that only wakes workers, and each task one call of a service.

The truth is in the database. Losing the whole queue loses nothing: every minute each worker looks for
what is due. So a kick may fail, and the use case before it stands all the same.
"""

from matchmaker.jobs.tasks import kick_analyses, kick_delivery, kick_publications, kick_runs

__all__ = ["kick_analyses", "kick_delivery", "kick_publications", "kick_runs"]
