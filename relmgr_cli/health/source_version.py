"""Finds the version of the source that a translation says it was made from.

Tools and people write it into the front matter, or into a comment at the beginning: the commit, or a hash of the file.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

from relmgr_cli.health.prose import front_matter, with_unix_lines

_COMMIT = re.compile(
    rb"^[ \t]*['\"]?(?:default_lang_commit|sourceCommit|source_commit|source-commit|original_commit|en_commit|"
    rb"translated_from_commit|upstream_commit|commit_hash)['\"]?[ \t]*[:=][ \t]*['\"]?([0-9a-f]{7,64})\b",
    re.MULTILINE,
)
_HASH = re.compile(
    rb"^[ \t]*['\"]?(?:original_hash|source_hash|source-hash|sourceHash|original_md5|source_md5|source_sha256|"
    rb"source_sha1|source_blob)['\"]?[ \t]*[:=][ \t]*['\"]?([0-9a-f]{32,64})\b",
    re.MULTILINE,
)
_MAX_COMMENT = 4000  # bytes
_BATCH = 50  # versions that are read at a time
_MAX_READ = 1000  # versions of one file that are compared with hashes
_DIGESTS = {32: hashlib.md5, 40: hashlib.sha1, 64: hashlib.sha256}  # by the characters of a hash

Read = Callable[[Sequence[str]], Iterable[tuple[str, bytes]]]  # the contents of blobs with their ids


def source_version(data: bytes) -> tuple[str, str]:
    """Return the commit of the source and the hash of the source that a translation names; "" for none."""
    data = with_unix_lines(data)
    header = front_matter(data)
    if not header and data[:_MAX_COMMENT].lstrip().startswith(b"<!--"):
        header = data[: data.find(b"-->", 0, _MAX_COMMENT) + 1]
    found = (_COMMIT.search(header), _HASH.search(header))
    commit, digest = (match[1].decode() if match else "" for match in found)
    return commit, digest


def find_versions(hashes: Iterable[str], blobs: Sequence[str], read: Read) -> dict[str, str]:
    """Return the newest blob that each hash is the hash of, by hash; `blobs` are the versions of a file, newest first.

    A hash may be that of the content (MD5, SHA-1, SHA-256) or the id that git gives to it.
    """
    wanted = set(hashes)
    found = {blob: blob for blob in blobs if blob in wanted}
    unique = list(dict.fromkeys(blobs))[:_MAX_READ]
    for start in range(0, len(unique), _BATCH):
        missing = wanted - found.keys()
        if not missing:
            break
        for blob, data in read(unique[start : start + _BATCH]):
            for digest in _digests(data, {len(each) for each in missing}):
                if digest in missing:
                    found.setdefault(digest, blob)
    return found


def _digests(data: bytes, lengths: Iterable[int]) -> Iterable[str]:
    contents = (data, data.replace(b"\n", b"\r\n")) if b"\r" not in data else (data,)  # as checked out on Windows
    for length in lengths:
        if digest := _DIGESTS.get(length):
            yield from (digest(content, usedforsecurity=False).hexdigest() for content in contents)
