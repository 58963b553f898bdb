"""Tells the varieties of a language apart by its text: scripts, and the words of two countries.

Only what one of two varieties uses is counted, and a text that has both or too little of either is unclear. This is for
documents whose path does not say it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from relmgr_cli.languages.detection import script_of

_MAX_CHARACTERS = 40_000
_MIN_COUNT = 3
_MIN_SHARE = 0.8  # of what is counted, for the variety that is returned
_WORD = re.compile(r"[^\W\d_]{2,40}")

# Frequent characters that were simplified in 1956, and the traditional ones in their place.
_HAN = {
    "Hans": (
        "们项开个为会这时应献贡与发实来对问网设区护务动并将现数验决览学么过题证资码习产让关据进户标许请试议间确维"
        "复业构从样选协无论当级帮环创备说没组讨认语经内导库参单够权写隐预则载运监见该专联获检还调优择别测机计处访"
        "页门变结适络践节话种义术报态杂简误"
    ),
    "Hant": (
        "與專開應們資個時範實務會學發網驗產動問決為對來題環獻貢於進礎將業後讓點覽過碼試確準檢請間護錯標監選組麼數"
        "權現尋鐘關階協節頁測體機優見單當譯備執許內說態變裝認載線練擴處課論蹤規樣經該難簡運幫計區適別戶還無這項設"
        "據構議證習導庫參夠寫隱預則聯獲調擇訪門結絡話種義術報雜誤"
    ),
}
_TWO_SCRIPTS = ("sr", "uz")
_MIN_CYRILLIC = 0.3  # of the letters: names and code are in Latin letters in any text
_MAX_CYRILLIC = 0.05  # in a text in Latin letters
_COUNTRIES = {
    "pt": {
        "BR": (
            "você vocês usuário usuários arquivo arquivos tela telas senha senhas celular celulares aplicativo "
            "aplicativos baixar baixe registro registros registrar gerenciar gerenciamento gerencie contato "
            "contatos equipe equipes fato acessar acesse compartilhar compartilhe salvar salve mídia econômico "
            "gênero planejamento monitoramento treinamento treinar rastreamento mouse time bilhões diretório "
            "deletar excluir controle fornecer clicar"
        ),
        "PT": (
            "utilizador utilizadores ficheiro ficheiros ecrã ecrãs telemóvel telemóveis transferir transfira "
            "registo registos registar gerir gestor contacto contactos equipa equipas facto aceder aceda "
            "partilhar partilhe guardar guarde económico género planeamento monitorização treino treinamos rato "
            "consigo connosco directório diretoria eliminar elimine controlo fornecer clique sítio tua teu tens "
            "podes queres dás média"
        ),
    }
}


def variant_of(text: str, language: str) -> str | None:
    """Return the variety of a text in `language`, a script or region as in tags; None if it is unclear or has none.

    `zh` is Hans or Hant, `sr` and `uz` are Cyrl or Latn, `pt` is BR or PT. `language` may have a region or script.
    """
    primary, text = language.partition("-")[0], text[:_MAX_CHARACTERS]
    if primary == "zh":
        return _clear({variant: len(text) - len(text.translate(table)) for variant, table in _han_tables().items()})
    if primary in _TWO_SCRIPTS:
        return _cyrillic_or_latin(text)
    if primary in _COUNTRIES:
        words = _WORD.findall(text.casefold())
        return _clear(
            {country: sum(map(known.__contains__, words)) for country, known in _country_words(primary).items()}
        )
    return None


def _cyrillic_or_latin(text: str) -> str | None:
    letters = Counter(filter(str.isalpha, text))
    cyrillic = sum(count for letter, count in letters.items() if script_of(letter) == "Cyrillic")
    share = cyrillic / max(letters.total(), 1)
    return "Cyrl" if share >= _MIN_CYRILLIC else "Latn" if letters and share <= _MAX_CYRILLIC else None


def _clear(counts: Mapping[str, int]) -> str | None:
    best = max(counts, key=lambda variant: counts[variant])
    return best if counts[best] >= max(_MIN_COUNT, _MIN_SHARE * sum(counts.values())) else None


@cache
def _han_tables() -> Mapping[str, Mapping[int, None]]:
    """Return for each variety a table for `str.translate` that deletes the characters of its own."""
    shared = set(_HAN["Hans"]) & set(_HAN["Hant"])
    return {variant: dict.fromkeys(map(ord, set(characters) - shared)) for variant, characters in _HAN.items()}


@cache
def _country_words(language: str) -> Mapping[str, frozenset[str]]:
    words = {country: set(known.split()) for country, known in _COUNTRIES[language].items()}
    shared = set.intersection(*words.values())
    return {country: frozenset(known - shared) for country, known in words.items()}
