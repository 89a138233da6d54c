"""Where a workspace lies: on a network share, in a synchronised folder, with files that are only in the cloud."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

from perfpipe.doctor.finding import Finding, Health, good

SYNCHRONISED = ("onedrive", "sharepoint", "dropbox", "google drive", "googledrive", "my drive", "icloud", "nextcloud",
                "mobile documents", "box sync")  # fmt: skip
OVER_NETWORK = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afpfs",
    "fuse.sshfs",
    "9p",
    "afs",
    "ncpfs",
    "davfs",
)
REMOTE_DRIVE = 4  # what GetDriveTypeW calls a drive over the network
OFFLINE, RECALL_ON_OPEN, RECALL_ON_READ = 0x1000, 0x40000, 0x400000  # Windows' marks of a file that is elsewhere
MOUNTS = Path("/proc/self/mountinfo")
LONGEST_PATH = 240  # Windows' own limit is 260, and a run writes names beside those that are there


def synchronised_finding(root: PurePath, environment: Mapping[str, str]) -> Finding:
    """Whether another program copies the workspace to and from a cloud while a run writes there."""
    known = [value for name, value in environment.items() if name.upper().startswith("ONEDRIVE") and value]
    named = next((part for part in root.parts if any(word in part.casefold() for word in SYNCHRONISED)), "")
    inside = next((each for each in known if root.is_relative_to(each)), "")
    if not named and not inside:
        return good("Synchronised folder", "the workspace is in none")
    what = (
        "Move the workspace to a local folder: a synchronising program can lock, copy back or double the ledger while "
        "a run writes. Publish to such a folder by copying to_send."
    )
    return Finding("Synchronised folder", Health.BAD, f"the workspace is in {named or inside}", what)


def share_finding(root: Path, mounts: str | None = None) -> Finding:
    """Whether the workspace is on a network share, where locks of the ledger cannot be relied on."""
    kind = _kind_of_drive(root, MOUNTS.read_text(encoding="utf-8") if mounts is None and MOUNTS.exists() else mounts)
    what = (
        "Keep the workspace on a local disk: locks over a network are not reliable, and the ledger can be damaged. "
        "If it must be a share, let one machine alone run perfpipe, and back up data/processed/ledger.db."
    )
    if kind is None:
        return Finding("Network share", Health.UNKNOWN, "this system does not say; on a share see what to do", what)
    if kind:
        return Finding("Network share", Health.CAUTION, f"the workspace is on one ({kind})", what)
    return good("Network share", "the workspace is on a local disk")


def _kind_of_drive(root: Path, mounts: str | None) -> str | None:
    """What kind of share a folder is on; empty: a local disk; None: not known."""
    if sys.platform == "win32":
        import ctypes

        if root.drive.startswith("\\\\"):
            return root.drive
        return root.drive if ctypes.windll.kernel32.GetDriveTypeW(f"{root.drive}\\") == REMOTE_DRIVE else ""
    if mounts is None:
        return None
    places = []
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > 4 and after:
            places.append((fields[4].replace("\\040", " "), after.split()[0]))
    under = [(len(place), kind) for place, kind in places if root.is_relative_to(place)]
    kind = max(under, default=(0, ""))[1]
    return kind if kind in OVER_NETWORK else ""


def cloud_finding(files: Iterable[os.DirEntry[str]]) -> Finding:
    """Whether delivered files are only in the cloud, as placeholders."""
    marks = OFFLINE | RECALL_ON_OPEN | RECALL_ON_READ
    away = [each.name for each in files if getattr(each.stat(), "st_file_attributes", 0) & marks]
    if not away:
        return good("Files only in the cloud", "none")
    found = f"{len(away)} delivered, among them {away[0]}"
    what = "In Explorer choose 'Always keep on this device' for data/raw, and wait until they have come."
    return Finding("Files only in the cloud", Health.BAD, found, what)


def path_finding(root: Path, longest: int, *, windows: bool) -> Finding:
    """Whether names are so long that Windows will not open them."""
    if not windows or longest <= LONGEST_PATH:
        return good("Length of paths", f"the longest has {longest} letters")
    what = f"Move {root} to a shorter place, such as C:\\perfpipe, or ask IT to enable long paths."
    return Finding("Length of paths", Health.CAUTION, f"one has {longest} letters", what)
