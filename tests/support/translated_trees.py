"""Small libraries in the layouts of translated repositories, with three articles in six languages."""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

Tree = Mapping[str, str]  # path -> text

ORIGINAL = "en"
LANGUAGES = ("de", "en", "fr", "hu", "pl", "zh")

# A title, a paragraph, a heading and a paragraph.
ARTICLES: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "beehive": {
        "de": (
            "Der Bienenstock im Garten",
            "Im Frühling verlassen die Bienen ihren Stock und suchen die ersten Blüten auf der Wiese.",
            "Wann der Honig reif ist",
            "Wenn alle Waben mit Wachs verschlossen sind, kann der Imker den Honig endlich ernten.",
        ),
        "en": (
            "A beehive in the garden",
            "In spring the bees leave their hive and look for the first flowers in the meadow.",
            "When the honey is ripe",
            "Once all the combs are closed with wax, the beekeeper can harvest the honey at last.",
        ),
        "fr": (
            "Une ruche dans le jardin",
            "Au printemps, les abeilles quittent leur ruche et cherchent les premières fleurs dans la prairie.",
            "Quand le miel est mûr",
            "Dès que tous les rayons sont fermés avec de la cire, l'apiculteur peut enfin récolter le miel.",
        ),
        "hu": (
            "Méhkaptár a kertben",
            "Tavasszal a méhek elhagyják a kaptárt, és megkeresik az első virágokat a réten.",
            "Mikor érett a méz",
            "Ha már minden lépet viasz zár le, a méhész végre kipörgetheti a mézet.",
        ),
        "pl": (
            "Ul w ogrodzie",
            "Wiosną pszczoły opuszczają swój ul i szukają na łące pierwszych kwiatów.",
            "Kiedy miód jest dojrzały",
            "Gdy wszystkie plastry są zamknięte woskiem, pszczelarz może wreszcie zebrać miód.",
        ),
        "zh": (
            "花园里的蜂箱",
            "春天，蜜蜂离开蜂箱，到草地上寻找最早开放的花朵。",
            "蜂蜜什么时候成熟",
            "当所有的蜂巢都用蜡封好以后，养蜂人就可以收获蜂蜜了。",
        ),
    },
    "ferry": {
        "de": (
            "Mit der Fähre über den Fluss",
            "Die alte Fähre bringt jeden Morgen die Schüler und ihre Fahrräder an das andere Ufer.",
            "Was bei Nebel geschieht",
            "Bei dichtem Nebel wartet der Fährmann, bis er die Lichter des Dorfes wieder sehen kann.",
        ),
        "en": (
            "Across the river by ferry",
            "Every morning the old ferry takes the pupils and their bicycles to the other bank.",
            "What happens in fog",
            "In thick fog the ferryman waits until he can see the lights of the village again.",
        ),
        "fr": (
            "Traverser le fleuve en bac",
            "Chaque matin, le vieux bac conduit les élèves et leurs vélos sur l'autre rive.",
            "Ce qui se passe par temps de brouillard",
            "Dans un brouillard épais, le passeur attend de revoir les lumières du village.",
        ),
        "hu": (
            "Komppal a folyón át",
            "Az öreg komp minden reggel átviszi a diákokat és a kerékpárjaikat a túlsó partra.",
            "Mi történik ködben",
            "Sűrű ködben a révész addig vár, amíg újra meg nem látja a falu fényeit.",
        ),
        "pl": (
            "Promem przez rzekę",
            "Stary prom codziennie rano przewozi uczniów i ich rowery na drugi brzeg.",
            "Co się dzieje we mgle",
            "W gęstej mgle przewoźnik czeka, aż znowu zobaczy światła wioski.",
        ),
        "zh": (
            "坐渡船过河",
            "每天早上，旧渡船把学生和他们的自行车送到对岸。",
            "有雾的时候怎么办",
            "雾很大的时候，船夫会一直等到重新看见村里的灯光。",
        ),
    },
    "piano": {
        "de": (
            "Das Klavier stimmen",
            "Eine Saite klingt tiefer, wenn sie locker ist, und die Stimmerin dreht dann vorsichtig am Wirbel.",
            "Warum das Holz wichtig ist",
            "In einem feuchten Zimmer dehnt sich das Holz aus, und das ganze Instrument wird falsch.",
        ),
        "en": (
            "Tuning a piano",
            "A string sounds lower when it is loose, and the tuner then turns the pin with care.",
            "Why the wood matters",
            "In a damp room the wood expands, and the whole instrument goes out of tune.",
        ),
        "fr": (
            "Accorder un piano",
            "Une corde détendue sonne plus bas, et l'accordeuse tourne alors la cheville avec précaution.",
            "Pourquoi le bois est important",
            "Dans une pièce humide, le bois gonfle et tout l'instrument se désaccorde.",
        ),
        "hu": (
            "A zongora hangolása",
            "A laza húr mélyebben szól, ezért a hangoló óvatosan elfordítja a szöget.",
            "Miért fontos a fa",
            "Nedves szobában a fa megdagad, és az egész hangszer hamis lesz.",
        ),
        "pl": (
            "Strojenie fortepianu",
            "Luźna struna brzmi niżej, więc stroicielka ostrożnie obraca kołek.",
            "Dlaczego drewno jest ważne",
            "W wilgotnym pokoju drewno pęcznieje i cały instrument przestaje stroić.",
        ),
        "zh": (
            "给钢琴调音",
            "琴弦松了，声音就会变低，调音师这时要小心地转动弦钉。",
            "为什么木头很重要",
            "房间潮湿的时候，木头会膨胀，整架钢琴就走音了。",
        ),
    },
}

# Texts that are no translations of anything.
UNRELATED: Tree = {
    "CHANGELOG.md": "# Changelog\n\n## 2.0\n\nThe old settings are gone, and the new ones are read at the start.\n",
    "notes/kitchen.md": "# Notes from the kitchen\n\nThe soup needs more salt, and the bread was burnt again.\n",
    "notes/tavola.md": "# La tavola della domenica\n\nLa nonna prepara la pasta per tutti e nessuno vuole aiutare.\n",
    "todo.txt": "Paint the fence before the winter comes, and mend the roof of the shed.\n",
}

_NAMES = {"de": "german", "en": "english", "fr": "french", "hu": "hungarian", "pl": "polish", "zh": "chinese"}
_COUNTRIES = {"de": "DE", "en": "EN", "fr": "FR", "hu": "HU", "pl": "PL", "zh": "CN"}
_REGIONS = {"de": "de-DE", "en": "en-US", "fr": "fr-FR", "hu": "hu-HU", "pl": "pl-PL", "zh": "zh-CN"}


class Layout(NamedTuple):
    """Where the translations of an article are."""

    translation: str  # with the fields slug, tag, name, country and region
    original: str = ""  # the same for the original; "" if it is a translation like the others


LAYOUTS: Mapping[str, Layout] = {
    "folders": Layout("{tag}/{slug}.md"),
    "folders-below": Layout("guide/{tag}/chapters/{slug}.md"),
    "hugo": Layout("content/{tag}/docs/{slug}/index.md"),
    "mkdocs": Layout("docs/{tag}/docs/{slug}.md"),
    "pages": Layout("pages.{tag}/common/{slug}.md", "pages/common/{slug}.md"),
    "beside-the-original": Layout("{tag}/{slug}.md", "{slug}.md"),
    "docusaurus": Layout("i18n/{tag}/docusaurus-plugin-content-docs/current/{slug}.md", "docs/{slug}.md"),
    "translations": Layout("translations/{tag}/{slug}/README.md", "{slug}/README.md"),
    "suffix": Layout("{slug}.{tag}.md"),
    "suffix-beside-the-original": Layout("docs/{slug}.{tag}.md", "docs/{slug}.md"),
    "names-in-suffixes": Layout("sections/{slug}.{name}.md", "sections/{slug}.md"),
    "names-of-folders": Layout("challenges/{name}/{slug}.md"),
    "countries": Layout("{slug}/README_{country}.md", "{slug}/README.md"),
    "regions": Layout("components/{slug}/index.{region}.md"),
}


def path_of(layout: str, slug: str, language: str) -> str:
    """Return the path of a translation in a layout."""
    pattern = LAYOUTS[layout].translation
    if language == ORIGINAL:
        pattern = LAYOUTS[layout].original or pattern
    return pattern.format(
        slug=slug,
        tag=language,
        name=_NAMES[language],
        country=_COUNTRIES[language],
        region=_REGIONS[language],
    )


def tree_of(layout: str, languages: tuple[str, ...] = LANGUAGES, *, title: str = "{}") -> dict[str, str]:
    """Return the files of a library in a layout; `title` is a template for the titles."""
    return {
        path_of(layout, slug, language): _text(slug, language, title) for slug in ARTICLES for language in languages
    }


def _text(slug: str, language: str, title: str) -> str:
    heading, first, second, last = ARTICLES[slug][language]
    return f"# {title.format(heading)}\n\n{first}\n\n## {second}\n\n{last}\n"


def write_tree(folder: Path, tree: Tree, encode: Callable[[str], bytes] = str.encode) -> Path:
    """Write files below a folder in the order of the tree; return the folder."""
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(text))
    return folder


# Ways to store the same text.
ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "byte-order-mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "no-line-end": lambda text: text.rstrip("\n").encode(),
    "spaces-at-line-ends": lambda text: text.replace("\n\n", " \n\n\n").encode(),
}
