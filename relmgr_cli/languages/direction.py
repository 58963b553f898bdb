"""Tells in which direction a language is written."""

from relmgr_cli.languages.names import languages, names

_SCRIPTS = frozenset(["Arabic", "Hebrew", "Thaana"])  # as languages.tsv calls them
_SUBTAGS = frozenset("adlm arab aran hebr mand mend nkoo rohg samr syrc thaa".split())  # ISO 15924, in lower case
_OTHERS = frozenset("arc azb bal bcc bgn glk ks lrc mzn nqo pnb rhg sdh skr syr".split())  # not in languages.tsv


def text_direction(tag: str) -> str:
    """Return "ltr" or "rtl"; "auto" if it is not known: then the first letters of a text decide."""
    primary, *subtags = tag.lower().split("-")
    script = next((part for part in subtags if len(part) == len("Latn") and part.isalpha()), "")
    if script:
        return "rtl" if script in _SUBTAGS else "ltr"
    if primary in _OTHERS:
        return "rtl"
    if primary in languages():
        return "rtl" if next(iter(languages()[primary].letters)) in _SCRIPTS else "ltr"
    return "ltr" if primary in names() else "auto"
