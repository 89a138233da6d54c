"""The datasets that perfpipe knows, registered by hand: a new one is a module and a line here."""

from perfpipe.datasets.actions import ACTIONS
from perfpipe.datasets.adopters import ADOPTERS
from perfpipe.datasets.assessments import ASSESSMENTS
from perfpipe.datasets.audits import AUDITS
from perfpipe.datasets.definition import Dataset
from perfpipe.datasets.manual_measures import MANUAL_MEASURES
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.datasets.workforce_monthly import WORKFORCE_MONTHLY

DATASETS: tuple[Dataset, ...] = (
    RETURN_HOME_INTERVIEWS,
    PLACEMENTS,
    SOCIAL_WORKERS,
    WORKFORCE_MONTHLY,
    ASSESSMENTS,
    AUDITS,
    ADOPTERS,
    ACTIONS,
    MANUAL_MEASURES,
)
BY_ID: dict[str, Dataset] = {dataset.id: dataset for dataset in DATASETS}

__all__ = ["BY_ID", "DATASETS", "Dataset"]
