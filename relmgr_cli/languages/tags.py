"""Parses language tags and matches the reader's preferences with the languages available.

The order of preference is that of the tldr client specification 2.3 and GNU gettext. Locale names as systems and
repositories write them (`ru_RU.UTF-8`, `pt-br`, `iw`) become BCP 47 tags in their shortest form.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from relmgr_cli.errors import LanguageUnknownError, SettingError
from relmgr_cli.languages.subtags import REGIONS, SCRIPTS, regions_by_language

_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[.@].*)?")
# Scripts between which a language has a choice. Many others are words: `in-java` is not Indonesian in Javanese script.
_ALTERNATIVE_SCRIPTS = frozenset("Arab Cans Cyrl Deva Grek Guru Hans Hant Hebr Latn Mong Tfng".split())
_NAME_AND_SUBTAG = re.compile(r"(.{3,}?)[-_ ]{1,2}\(?([A-Za-z]{4}|[A-Za-z]{2}|419)\)?")
_SCRIPT_LENGTH = 4
MAX_NAME = 60  # characters of a name
DEPRECATED_SUBTAGS = {"fil": "tl", "in": "id", "iw": "he", "ji": "yi", "mo": "ro", "nb": "no", "nn": "no"}

# The default region of a language, where it is not spelled like the language. Portuguese always keeps its region.
_DEFAULT_REGION = dict(
    pair.split("-")
    for pair in (
        "af-ZA ar-EG be-BY bn-BD bs-BA ca-ES cs-CZ cy-GB da-DK el-GR en-US et-EE eu-ES fa-IR ga-IE gl-ES "
        "gu-IN he-IL hi-IN hy-AM ja-JP ka-GE kab-DZ kk-KZ kn-IN ko-KR ky-KG ml-IN mr-IN ms-MY my-MM ne-NP "
        "pa-IN si-LK sl-SI sq-AL sr-RS sv-SE sw-TZ ta-IN te-IN tl-PH uk-UA ur-PK vi-VN zh-CN zu-ZA "
        "am-ET as-IN br-FR ceb-PH ckb-IQ co-FR dv-MV eo-001 fy-NL gd-GB ha-NG haw-US ig-NG jv-ID km-KH ku-TR lb-LU "
        "lo-LA mi-NZ ny-MW oc-FR or-IN pcm-NG ps-AF sa-IN sd-PK sn-ZW st-ZA su-ID tg-TJ tk-TM tt-RU ug-CN xh-ZA yo-NG"
    ).split()
) | {"pt": ""}


def parse_tag(name: str) -> str | None:
    """Return the shortest BCP 47 tag for a locale name; None for `C`, `POSIX` and invalid names.

    The default region is dropped (`pl-PL` is `pl`), others stay (`pt-BR`); a script stays. Any two or three letters are
    a language, but scripts and regions are those that exist.
    """
    match = _LOCALE.fullmatch(name.strip())
    if not match or name.upper() in ("C", "POSIX"):
        return None
    return to_tag(*match.groups())


def to_tag(language: str, script: str | None, region: str | None) -> str | None:
    """Return the shortest tag of these subtags; None if the script or the region does not exist."""
    language = DEPRECATED_SUBTAGS.get(language.lower(), language.lower())
    script, region = (script or "").title(), (region or "").upper()
    if (script and script not in SCRIPTS) or (region and region not in REGIONS):
        return None
    is_default = region == _DEFAULT_REGION.get(language, language.upper())
    return "-".join(filter(None, (language, script, "" if is_default else region)))


def is_plausible(language: str, script: str | None, region: str | None) -> bool:
    """Return whether the language exists, may be written in this script and is spoken in this region."""
    from relmgr_cli.languages.names import names

    language, region = language.lower(), (region or "").upper()
    known = DEPRECATED_SUBTAGS.get(language, language)
    if known not in names() or (script and script.title() not in _ALTERNATIVE_SCRIPTS):
        return False
    if not region or known == "en" or region == known.upper():
        return True
    return region in regions_by_language().get(known, ()) or (known, region) in (("es", "419"), ("pt", "419"))


def parse_named_tag(name: str) -> str | None:
    """Return the tag for a name of a language, which a script or region may follow: `Spanish (MX)`."""
    from relmgr_cli.languages.names import find_by_name

    if tag := find_by_name(name):
        return tag
    match = _NAME_AND_SUBTAG.fullmatch(name.strip())
    tag = find_by_name(match[1]) if match else None
    if match is None or tag is None or "-" in tag:
        return None
    script, region = (match[2], None) if len(match[2]) == _SCRIPT_LENGTH else (None, match[2])
    return to_tag(tag, script, region) if is_plausible(tag, script, region) else None


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
    from relmgr_cli.languages.names import find_by_translated_name, names

    if tag and tag in names():
        return tag
    if len(wanted) <= MAX_NAME and (tag := parse_named_tag(wanted) or find_by_translated_name(wanted)):
        return tag
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
