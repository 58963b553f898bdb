"""Parses language tags and matches the reader's preferences with the languages available.

The order of preference is that of the tldr client specification 2.3 and GNU gettext. Locale names as systems and
repositories write them (`ru_RU.UTF-8`, `pt-br`, `iw`) become BCP 47 tags in their shortest form.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from relmgr_cli.errors import LanguageUnknownError, SettingError

_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[.@].*)?")
DEPRECATED_SUBTAGS = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "mo": "ro"}

# The default region of a language, where it is not spelled like the language. Portuguese always keeps its region.
_DEFAULT_REGION = dict(
    pair.split("-")
    for pair in (
        "af-ZA ar-EG be-BY bn-BD bs-BA ca-ES cs-CZ cy-GB da-DK el-GR en-US et-EE eu-ES fa-IR ga-IE gl-ES "
        "gu-IN he-IL hi-IN hy-AM ja-JP ka-GE kab-DZ kk-KZ kn-IN ko-KR ky-KG ml-IN mr-IN ms-MY my-MM ne-NP "
        "pa-IN si-LK sl-SI sq-AL sr-RS sv-SE sw-TZ ta-IN te-IN tl-PH uk-UA ur-PK vi-VN zh-CN zu-ZA "
    ).split()
) | {"pt": ""}


def parse_tag(name: str) -> str | None:
    """Return the shortest BCP 47 tag for a locale name; None for `C`, `POSIX` and invalid names.

    The default region is dropped (`pl-PL` is `pl`), others stay (`pt-BR`); a script stays.
    """
    match = _LOCALE.fullmatch(name.strip())
    if not match or name.upper() in ("C", "POSIX"):
        return None
    language, script, region = match.groups()
    language = DEPRECATED_SUBTAGS.get(language.lower(), language.lower())
    region = (region or "").upper()
    is_default = region == _DEFAULT_REGION.get(language, language.upper())
    return "-".join(filter(None, (language, (script or "").title(), "" if is_default else region)))


def parse_languages(asked: str) -> tuple[str, ...]:
    """Return the tags for a `--lang` value: codes or names, separated by commas.

    Raises LanguageUnknownError for a name that is not that of a language.
    """
    tags = tuple(dict.fromkeys(_parse_name(name) for name in asked.split(",") if name.strip()))
    if asked and not tags:
        raise LanguageUnknownError(asked)
    return tags


def _parse_name(name: str) -> str:
    wanted = name.strip().casefold()
    if wanted == "und":  # the tag of texts whose language is unknown
        return wanted
    tag = parse_tag(wanted)
    if tag and (len(wanted) == 2 or "-" in tag):  # noqa: PLR2004 (a two-letter code needs no table)
        return tag
    from relmgr_cli.languages.names import languages

    if tag and tag in languages():
        return tag
    for language in languages().values():
        if wanted in (language.name.casefold(), language.native_name.casefold()):
            return language.tag
    raise LanguageUnknownError(name.strip())


def preferred_languages(
    environ: Mapping[str, str], configured: str = "", config_file: object = "config.toml"
) -> tuple[str, ...]:
    """Return the reader's languages, best first: RELMGR_LANG, then the config file's, then the system's.

    Raises SettingError when RELMGR_LANG or the config file names a language that does not exist.
    """
    found = [*_parse_setting("RELMGR_LANG", environ.get("RELMGR_LANG", "")), *_parse_setting(config_file, configured)]
    system = environ.get("LANGUAGE", "").split(":")
    system += [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    found += [tag for name in system if (tag := parse_tag(name))]
    return tuple(dict.fromkeys(found))


def _parse_setting(source: object, languages: str) -> tuple[str, ...]:
    try:
        return parse_languages(languages)
    except LanguageUnknownError as error:
        raise SettingError(str(source), str(error)) from None


def match_language(preferred: Iterable[str], available: Sequence[str]) -> str | None:
    """Return the available language that matches the preferences best (RFC 4647 lookup); None if none does."""
    for wanted in preferred:
        if wanted in available:
            return wanted
        primary = wanted.partition("-")[0]
        if found := next((tag for tag in available if tag.partition("-")[0] == primary), None):
            return found
    return None
