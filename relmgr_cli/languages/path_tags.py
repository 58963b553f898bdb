"""Parses what paths call a language.

Repositories write it in more ways than a locale has: `enUS`, `zh-rTW`, `polish`, `README_CN`. This module says what
such a part can mean; whether it names a language at all is verified by the text and by the files next to it.
"""

import re
from collections.abc import Mapping

from relmgr_cli.languages.tags import MAX_NAME, is_plausible, parse_named_tag, to_tag

# As in file names: `zh-rCN` is how Android writes a region, `enUS` and `zhHans` have no separator.
_IN_PATH = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_](?:r(?=[A-Z]))?([A-Za-z]{2}|419))?")
_JOINED = re.compile(r"([a-z]{2})(?:(Cyrl|Hans|Hant|Latn)|([A-Z]{2}))")
# What is joined in lower or upper case is a word as a rule: `best` is not Belarusian.
_JOINED_IN_ONE_CASE = {
    joined.replace("-", ""): joined
    for joined in (
        "cs-cz da-dk de-de el-gr en-gb en-us es-es es-mx fr-ca fr-fr hi-in it-it ja-jp ko-kr pt-br pt-pt ru-ru "
        "sv-se uk-ua vi-vn zh-cn zh-hans zh-hant zh-hk zh-mo zh-tw"
    ).split()
}
# ISO 639-2 and other codes of three letters that paths have, as far as they are no English words.
_OTHER_CODES = dict(
    pair.split(":")
    for pair in (
        "ara:ar bul:bg ces:cs chi:zh chs:zh-Hans cht:zh-Hant cze:cs deu:de dut:nl ell:el eng:en esp:es fas:fa "
        "fra:fr fre:fr ger:de gre:el heb:he hin:hi hrv:hr hun:hu ita:it jpn:ja kor:ko nld:nl pol:pl por:pt "
        "ptb:pt-BR ron:ro rum:ro rus:ru slk:sk slv:sl spa:es srp:sr swe:sv tha:th tur:tr ukr:uk vie:vi zho:zh"
    ).split()
)
# What a region means where it stands for a language, as in `README_CN.md`. Some of these are also codes of languages
# (`br` Breton, `se` Northern Sami, `mo` Moldovan), so only the text or the files next to it tell which is meant.
# Names of countries are those that folders have, as in `Korea/`; `sp` is no code, but is written for Spanish.
COUNTRY_LANGUAGES: Mapping[str, str] = dict(
    pair.split(":")
    for pair in (
        "ae:ar al:sq am:hy ar:es-AR at:de-AT au:en-AU ba:bs bd:bn bg:bg br:pt-BR by:be ca:en-CA ch:zh cl:es-CL "
        "cn:zh co:es-CO cz:cs de:de dk:da dz:ar-DZ ee:et eg:ar es:es et:am fi:fi fr:fr gb:en-GB ge:ka gr:el "
        "hk:zh-HK hr:hr hu:hu id:id ie:ga il:he in:hi iq:ar-IQ ir:fa is:is it:it jp:ja ke:sw kg:ky kh:km kr:ko "
        "kz:kk la:lo lk:si lt:lt lu:lb lv:lv ma:ar-MA md:ro mk:mk mm:my mn:mn mo:zh-MO mt:mt mx:es-MX my:ms nl:nl "
        "no:no np:ne nz:en-NZ pe:es-PE ph:tl pk:ur pl:pl pt:pt-PT ro:ro rs:sr ru:ru sa:ar-SA se:sv si:sl sk:sk "
        "tj:tg tm:tk tr:tr tw:zh-TW tz:sw ua:uk us:en uz:uz ve:es-VE vn:vi xk:sq "
        "brasil:pt-BR brazil:pt-BR china:zh france:fr germany:de indonesia:id iran:fa israel:he italy:it japan:ja "
        "korea:ko poland:pl portugal:pt-PT russia:ru sp:es spain:es taiwan:zh-TW turkey:tr ukraine:uk vietnam:vi"
    ).split()
)


def parse_path_tag(part: str) -> str | None:
    """Return the tag for what a path calls a language: a code, a locale or a name; None for anything else.

    `part` is a folder or what is set apart in a file name, without the separator. Read are `pl`, `pt_br`, `zh-hans-cn`,
    `enUS`, `zh-rTW`, `deu`, `polish`, `Chinese (Simplified)`, `spanish-mx`. A region or script counts only where the
    language has it: `as-is` is not Assamese. Not every tag is in `languages()`: whether a short one is meant as a
    language is for the caller to verify, and `COUNTRY_LANGUAGES` has what else it may mean.
    """
    part = part.strip()
    if len(part) > MAX_NAME:
        return None
    lower = part.lower()
    if lower in _OTHER_CODES:
        return _OTHER_CODES[lower]
    match = _IN_PATH.fullmatch(_JOINED_IN_ONE_CASE.get(lower, part)) or _JOINED.fullmatch(part)
    if match and is_plausible(*match.groups()):
        return to_tag(*match.groups())
    return parse_named_tag(part)
