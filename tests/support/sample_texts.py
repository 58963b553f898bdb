"""Four short articles in three languages, about subjects that nobody confuses, without anything that gives them away.

No links, no code, no numbers and no names are in them: what pairs them is where they lie or what they say.
"""

LANGUAGES = ("en", "pl", "ru")

PROSE = {
    "bread": {
        "en": (
            "Baking bread at home",
            "You need only flour, water, salt and a little yeast for this bread.",
            "Knead the dough until it is smooth, then let it rise in a warm place under a cloth.",
            "The oven must be very hot, and the loaf is ready when it sounds hollow.",
        ),
        "pl": (
            "Pieczenie chleba w domu",
            "Do tego chleba potrzebna jest tylko mąka, woda, sól i odrobina drożdży.",
            "Zagniataj ciasto, aż będzie gładkie, a potem niech rośnie w ciepłym miejscu pod ściereczką.",
            "Piekarnik musi być bardzo gorący, a bochenek jest gotowy, kiedy wydaje głuchy odgłos.",
        ),
        "ru": (
            "Как испечь хлеб дома",
            "Для этого хлеба нужны только мука, вода, соль и немного дрожжей.",
            "Месите тесто, пока оно не станет гладким, а потом дайте ему подняться в тёплом месте под полотенцем.",
            "Духовка должна быть очень горячей, а буханка готова, когда она звучит глухо.",
        ),
    },
    "chess": {
        "en": (
            "The first moves of a chess game",
            "In the opening both players bring out their knights and bishops and fight for the centre of the board.",
            "The king is not safe in the middle, so castle before the enemy attacks.",
            "Do not move the queen too early, because she will be chased by weaker pieces.",
        ),
        "pl": (
            "Pierwsze posunięcia partii szachów",
            "W debiucie obaj gracze wyprowadzają skoczki i gońce i walczą o środek szachownicy.",
            "Król nie jest bezpieczny w środku, więc zrób roszadę, zanim przeciwnik zaatakuje.",
            "Nie ruszaj hetmana zbyt wcześnie, bo będą go ścigać słabsze figury.",
        ),
        "ru": (
            "Первые ходы шахматной партии",
            "В дебюте оба игрока выводят коней и слонов и борются за центр доски.",
            "Король не в безопасности в центре, поэтому сделайте рокировку, пока противник не напал.",
            "Не ходите ферзём слишком рано, потому что его будут преследовать более слабые фигуры.",
        ),
    },
    "lighthouse": {
        "en": (
            "The keeper of the lighthouse",
            "Every evening the keeper climbed the stairs of the tower and lit the lamp for the ships at sea.",
            "In a storm the waves reached the windows, and the light was the only hope of the sailors.",
            "Today the lamp is electric and nobody lives on the rock any more.",
        ),
        "pl": (
            "Latarnik i jego wieża",
            "Każdego wieczoru latarnik wchodził po schodach wieży i zapalał lampę dla statków na morzu.",
            "Podczas sztormu fale sięgały okien, a światło było jedyną nadzieją dla marynarzy.",
            "Dziś lampa jest elektryczna i nikt już nie mieszka na skale.",
        ),
        "ru": (
            "Смотритель маяка",
            "Каждый вечер смотритель поднимался по лестнице башни и зажигал лампу для кораблей в море.",
            "В шторм волны доставали до окон, и свет был единственной надеждой моряков.",
            "Сегодня лампа электрическая, и на скале больше никто не живёт.",
        ),
    },
    "teeth": {
        "en": (
            "Why children visit the dentist",
            "The dentist looks at the teeth of a child and finds small holes before they hurt.",
            "Sugar is the food of the bacteria, which make an acid that destroys the enamel.",
            "Brush your teeth in the morning and before you go to bed, and drink water instead of juice.",
        ),
        "pl": (
            "Dlaczego dzieci chodzą do dentysty",
            "Dentysta ogląda zęby dziecka i znajduje małe dziury, zanim zaczną boleć.",
            "Cukier jest pokarmem dla bakterii, które wytwarzają kwas, a ten niszczy szkliwo.",
            "Myj zęby rano i przed snem, i pij wodę zamiast soku.",
        ),
        "ru": (
            "Зачем детям ходить к стоматологу",
            "Стоматолог осматривает зубы ребёнка и находит маленькие дырки, пока они не заболели.",
            "Сахар служит пищей для бактерий, которые выделяют кислоту, а она разрушает эмаль.",
            "Чистите зубы утром и перед сном и пейте воду вместо сока.",
        ),
    },
}


def text_of(subject: str, language: str, header: str = "", more: str = "") -> str:
    """Return the text of a file: the lines of its header, the article, and what else it is to say."""
    title, *paragraphs = PROSE[subject][language]
    front = f"---\n{header.strip()}\n---\n" if header else ""
    return front + "\n\n".join([f"# {title}", *paragraphs, *([more] if more else [])]) + "\n"
