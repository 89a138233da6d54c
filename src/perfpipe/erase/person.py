"""Erase a person: where their records are, which figures stay as they were published, and what is left to a person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import PersonKind
from perfpipe.erase.affected_figures import figures_with_rows_of, sources_as_they_are
from perfpipe.erase.carry_out import faults_going
from perfpipe.erase.declared_corrections import GoingCorrections, files_of_corrections, going, record_hash
from perfpipe.erase.delivered_files import DeliveredFiles, RememberingParser, records_in, rows_in
from perfpipe.erase.erasure_plan import ErasurePlan, FileFate
from perfpipe.erase.restricted_workbooks import named_editions, restricted_editions, workbooks_left
from perfpipe.erase.search_files import TextSearch, UnsearchableError
from perfpipe.job.job import Job
from perfpipe.ledger.editions import folder_of
from perfpipe.ledger.erasure_records import ErasureKind, ErasureRecord, ErasureWork
from perfpipe.receive.receive import receive
from perfpipe.settings.corrections import FILE
from perfpipe.settings.settings import SettingsError
from perfpipe.storage.access import login
from perfpipe.storage.files import sha256_of
from perfpipe.validate.erased_people import People, as_id, person_hash
from perfpipe.validate.fault_identity import identity_key

Tell = Callable[[str], None]
EVERY = 20  # extracts


def plan_person(job: Job, kind: PersonKind, typed: str, reason: str, tell: Tell = lambda _: None) -> ErasurePlan:
    """What erasing one person would do. `typed`: their id, which goes nowhere from here but as a keyed hash.

    Raises SettingsError where nobody has the id.
    """
    if not as_id(typed):
        raise SettingsError(["no id was given; nothing was changed"])
    workspace, ledger, key = job.workspace, job.ledger, identity_key(job.workspace)
    tell("erase: receiving what was delivered since the last run")
    receive(workspace, job.settings, ledger)
    people = People({person_hash(key, kind, typed)}, key)
    extracts = ledger.extracts_ever()

    def progress(done: int) -> None:
        if done % EVERY == 0 or done == len(extracts):
            tell(f"erase: {done} of {len(extracts)} extracts searched")

    with RememberingParser(job.settings.limits) as parser:
        files = DeliveredFiles.of(workspace, job.settings, people, parser, extracts, progress)
        search = TextSearch([typed, as_id(typed), *(word for each in files.extracts for word in each.words)])
        by_id = TextSearch([typed, as_id(typed), *(word for each in files.extracts for word in each.spellings)])
        filtered = {sha256 for sha256 in files.uses if files.is_read(sha256) and files.is_concerned(sha256)}
        whole, lost = _unread_files(files, by_id, set(files.uses))
    if not filtered | whole and person_hash(key, kind, typed) not in ledger.erased_people():
        raise SettingsError([_nobody(job, kind, typed, key)])
    work = _work(job, files, filtered, whole, key)
    return _plan(job, reason, _PersonSearch(people, files, search, work, lost), tell)


@dataclass(frozen=True)
class _PersonSearch:
    """Where a person's records are. `search`: what to look for elsewhere; `lost`: files that it cannot read."""

    people: People
    files: DeliveredFiles
    search: TextSearch
    work: ErasureWork
    lost: Collection[str]


def _unread_files(files: DeliveredFiles, search: TextSearch, every: Collection[str]) -> tuple[set[str], set[str]]:
    """Of files that no layout reads those that name the person, which go whole; the places of those not searched."""
    whole, unsearched = set(), set()
    for sha256 in every:
        path = files.path_of(sha256)
        if path is None or files.is_read(sha256):
            continue
        use = files.uses[sha256][0]
        try:
            named = search.is_in_bytes(Path(use.file.name).suffix.lower(), path.read_bytes())
        except UnsearchableError:
            unsearched.add(use.place)
            continue
        if named:
            whole.add(sha256)
    return whole, unsearched


def _work(job: Job, files: DeliveredFiles, filtered: set[str], whole: set[str], key: bytes) -> ErasureWork:
    touched = {use.places.extract.id for sha256 in filtered | whole for use in files.uses[sha256]}
    used = {
        run.id
        for run in job.ledger.runs()
        if any(each.reading.extract_id in touched for each in job.ledger.readings_of(run.id))
    }
    packs = [each for each in restricted_editions(job.ledger) if each.run_id in used]
    return ErasureWork(
        files=tuple(sorted(filtered | whole)),
        whole=tuple(sorted(whole)),
        extracts=tuple(sorted(touched)),
        rows=tuple(sorted(set(rows_in(files)))),
        records={
            dataset: tuple(sorted(record_hash(key, dataset, name) for name in names))
            for dataset, names in records_in(files).items()
            if names
        },
        packs=tuple(each.id for each in packs if workbooks_left(job.workspace, each)),
    )


def _plan(job: Job, reason: str, found: _PersonSearch, tell: Tell) -> ErasurePlan:
    files, work, people = found.files, found.work, found.people
    (person,) = people.hashes
    tell("erase: figures with and without these records")
    datasets = {each.extract.dataset for each in files.extracts if each.rows}
    frozen = figures_with_rows_of(job, sources_as_they_are(job), datasets, people)
    tell("erase: editions and other files")
    finds, unsearched = _finds(job, found)
    record = ErasureRecord(ErasureKind.PERSON, person, reason, "", login(), job.started_at, work=work)
    corrections = {
        path: len(going(path, GoingCorrections(record, people))) for path in files_of_corrections(job.workspace)
    }
    return ErasurePlan(
        ErasureKind.PERSON,
        reason,
        work,
        frozenset(frozen),
        person,
        tuple(sorted(_fates(files, work), key=lambda each: each.place)),
        len(faults_going(job.ledger, work)),
        sum(count for path, count in corrections.items() if path.name == FILE),
        sum(bool(count) for path, count in corrections.items() if path.name != FILE),
        named_editions(job.workspace, job.ledger, work.packs),
        tuple(finds),
        tuple(sorted({*unsearched, *found.lost})),
        spellings=len({each.strip() for places in files.extracts for each in places.spellings}),
        measures=job.measures,
    )


def _fates(files: DeliveredFiles, work: ErasureWork) -> Iterator[FileFate]:
    for sha256 in work.files:
        uses = files.uses[sha256]
        for place in dict.fromkeys(use.place for use in uses):
            here = [use for use in uses if use.place == place]
            datasets = tuple(dict.fromkeys(use.places.extract.dataset for use in here))
            yield FileFate(place, datasets, sum(len(r.gone) for use in here for r in use.regions), sha256 in work.whole)


def _finds(job: Job, found: _PersonSearch) -> tuple[list[str], list[str]]:
    """Files that stay and hold a text of the person, and those that could not be searched."""
    workspace = job.workspace
    going_packs = [folder_of(workspace, each) for each in job.ledger.editions() if each.id in found.work.packs]
    own = {workspace.root / FILE, *files_of_corrections(workspace)}
    finds, unsearched = [], []
    for path in sorted(workspace.root.rglob("*")):
        skipped = {workspace.store, workspace.processed, *going_packs} & set(path.parents)
        if skipped or path in own or path.is_symlink() or not path.is_file():
            continue
        if workspace.raw in path.parents and sha256_of(path) in found.files.uses:
            continue  # it goes, or holds nothing
        place = path.relative_to(workspace.root).as_posix()
        try:
            if found.search.is_in(path.name) or found.search.is_in_file(path):
                finds.append(place)
        except UnsearchableError:
            unsearched.append(place)
    return finds, unsearched


def _nobody(job: Job, kind: PersonKind, typed: str, key: bytes) -> str:
    """That nobody has the id, and what is near it: without repeating it."""
    words = (
        f"no {kind} has this id in any extract, and no file names it; nothing was changed. Type it as the source does"
    )
    others = [each for each in PersonKind if each is not kind]
    with RememberingParser(job.settings.limits) as parser:
        for other in others:
            people = People({person_hash(key, other, typed)}, key)
            extracts = [each for each in job.ledger.extracts_known(None) if _is_about(each.dataset, other)]
            if any(
                each.rows for each in DeliveredFiles.of(job.workspace, job.settings, people, parser, extracts).extracts
            ):
                words += f". A {other} has it: `--whose {other}`"
    return words


def _is_about(dataset: str, kind: PersonKind) -> bool:
    person = BY_ID[dataset].person
    return person is not None and person[0] is kind
