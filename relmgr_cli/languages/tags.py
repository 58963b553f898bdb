"""Language tags and the reader's choice among them.

The order of preference is that of the tldr client specification 2.3 and GNU gettext; the forms of a locale
name that systems and repositories use (`ru_RU.UTF-8`, `pt-br`, `iw`) become BCP 47 tags in their shortest form.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from relmgr_cli.errors import LanguageUnknownError

_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[.@].*)?")
_WITHDRAWN = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "mo": "ro"}

# Where the region that goes without saying is not spelt like the language. Portuguese always keeps its own.
_DEFAULT_REGION = dict(
    pair.split("-")
    for pair in (
        "af-ZA ar-EG be-BY bn-BD bs-BA ca-ES cs-CZ cy-GB da-DK el-GR en-US et-EE eu-ES fa-IR ga-IE gl-ES "
        "gu-IN he-IL hi-IN hy-AM ja-JP ka-GE kab-DZ kk-KZ kn-IN ko-KR ky-KG ml-IN mr-IN ms-MY my-MM ne-NP "
        "pa-IN si-LK sl-SI sq-AL sr-RS sv-SE sw-TZ ta-IN te-IN tl-PH uk-UA ur-PK vi-VN zh-CN zu-ZA "
    ).split()
) | {"pt": ""}


def parse_tag(name: str) -> str | None:
    """Return the shortest BCP 47 tag for a locale name; None for `C`, `POSIX` and what is no locale name.

    The region stays only where it tells two standards apart: `pl-PL` is `pl`, `pt-BR` stays; a script stays.
    """
    match = _LOCALE.fullmatch(name.strip())
    if not match or name.upper() in ("C", "POSIX"):
        return None
    language, script, region = match.groups()
    language = _WITHDRAWN.get(language.lower(), language.lower())
    region = (region or "").upper()
    parts = [language]
    if script:
        parts.append(script.title())
    if region and region != _DEFAULT_REGION.get(language, language.upper()):
        parts.append(region)
    return "-".join(parts)


def read_names(asked: str) -> tuple[str, ...]:
    """Return the tags for what was given as `--lang`: codes or names, separated by commas.

    Raises LanguageUnknownError for a name that no language has.
    """
    tags = tuple(dict.fromkeys(_read_name(name) for name in asked.split(",") if name.strip()))
    if asked and not tags:
        raise LanguageUnknownError(asked)
    return tags


def _read_name(name: str) -> str:
    wanted = name.strip().casefold()
    if wanted == "und":  # what texts are in whose language cannot be told
        return wanted
    tag = parse_tag(wanted)
    if tag and (len(wanted) == 2 or "-" in tag):  # noqa: PLR2004 (a two-letter code needs no table)
        return tag
    from relmgr_cli.languages.table import languages

    if tag and tag in languages():
        return tag
    for language in languages().values():
        if wanted in (language.name.casefold(), language.native_name.casefold()):
            return language.tag
    raise LanguageUnknownError(name.strip())


def preferred_languages(environ: Mapping[str, str], configured: str = "") -> tuple[str, ...]:
    """Return the reader's languages, best first: RELMGR_LANG, then the config file's, then the system's.

    Raises LanguageUnknownError when RELMGR_LANG or the config file names a language that does not exist.
    """
    found = [*read_names(environ.get("RELMGR_LANG", "")), *read_names(configured)]
    system = environ.get("LANGUAGE", "").split(":")
    system += [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    found += [tag for name in system if (tag := parse_tag(name))]
    return tuple(dict.fromkeys(found))


def choose(preferred: Iterable[str], available: Sequence[str]) -> str | None:
    """Return the available language that suits the reader best; None when none of them does."""
    for wanted in preferred:
        if wanted in available:
            return wanted
        primary = wanted.partition("-")[0]
        for tag in available:
            if tag.partition("-")[0] == primary:
                return tag
    return None
