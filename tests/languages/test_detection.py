import unicodedata

import pytest
from conftest import shared
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.languages.detection import confidence, detect_among, script_of
from relmgr_cli.languages.names import languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Menedżerowie pracują nad poprawą relacji z firmami, które są ich partnerami.", "pl"),
        ("Menedzerowie ds. relacji nie sa tylko od tego, zeby sprzedawac.", "pl"),
        ("Менеджеры работают над улучшением отношений с фирмами, которые им доверяют.", "ru"),
        ("Менеджери працюють над покращенням відносин із фірмами, які їм довіряють.", "uk"),
        ("Мениджърите работят за това да подобрят отношенията с фирмите.", "bg"),
        ("Managers work on the relations with firms that trust them.", "en"),
        ("Die Manager arbeiten an den Beziehungen, die für Firmen wichtig sind.", "de"),
        ("Les gestionnaires travaillent sur les relations avec les entreprises.", "fr"),
        ("Manažeři pracují na vztazích, které jsou pro firmy důležité.", "cs"),
        ("Οι διευθυντές εργάζονται για τις σχέσεις με τις εταιρείες.", "el"),
        ("マネージャーは関係を改善するために働いています。", "ja"),
        ("经理们努力改善与客户和合作伙伴的关系。", "zh"),
        ("관리자는 고객과의 관계를 개선하기 위해 일합니다.", "ko"),
        ("Zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301", "pl"),
        ("Запустите команду git commit и затем git push в терминале.", "ru"),
        ("اگر آپ یہ صفحہ پڑھ رہے ہیں تو آپ کو پروگرام کی ضرورت ہے۔", "ur"),
        ("این صفحه را برای کسانی نوشته‌ایم که می‌خواهند با ما کار کنند.", "fa"),
        ("دا پاڼه د هغو کسانو لپاره ده چې غواړي له موږ سره کار وکړي.", "ps"),
        ("هي صفحو انهن ماڻهن لاءِ آهي جيڪي اسان سان گڏ ڪم ڪرڻ چاهين ٿا.", "sd"),
        ("ئەم پەڕەیە بۆ ئەو کەسانەیە کە دەیانەوێت لەگەڵ ئێمە کار بکەن.", "ckb"),
        ("Ev rûpel ji bo kesên ku dixwazin bi me re kar bikin hatiye nivîsandin.", "ku"),
        ("ទំព័រនេះសម្រាប់អ្នកដែលចង់ធ្វើការជាមួយយើង។", "km"),
        ("ໜ້ານີ້ແມ່ນສຳລັບຜູ້ທີ່ຕ້ອງການເຮັດວຽກກັບພວກເຮົາ.", "lo"),
        ("ይህ ገጽ ከእኛ ጋር መሥራት ለሚፈልጉ ሰዎች ነው።", "am"),
        ("Ин саҳифа барои онҳое аст, ки мехоҳанд бо мо кор кунанд.", "tg"),
        ("Бул баракча биз менен иштөөнү каалагандар үчүн жазылган.", "ky"),
        ("Бу бит безнең белән эшләргә теләүчеләр өчен язылган һәм бик кыска.", "tt"),
        ("Энэ хуудас бол бидэнтэй хамт ажиллах хүмүүст зориулсан юм.", "mn"),
        ("Bu sahifa biz bilan ishlashni xohlaydigan odamlar uchun yozilgan va juda qisqa.", "uz"),
        ("Bu səhifə bizimlə işləmək istəyən insanlar üçün yazılıb və çox qısadır.", "az"),
        (
            "Halaman ini untuk orang yang ingin bekerja sama; silakan unduh berkasnya dari situs kami karena gratis.",
            "id",
        ),
        ("Laman ini untuk mereka yang mahu bekerja bersama; sila muat turun fail daripada kami kerana percuma.", "ms"),
        ("Siden er for deg som vil jobbe med oss; les hva du trenger, og se hvilke språk vi bruker nå.", "no"),
        ("Siden er for dig, som vil arbejde med os; læs hvad du har brug for, og se hvilke sprog vi bruger nu.", "da"),
        ("Táto stránka je pre tých, ktorí chcú s nami pracovať, alebo ak nie sú si istí, čo majú robiť.", "sk"),
        (
            "Ova stranica je za one koji žele raditi s nama, a tko ne zna što treba, neka pročita uvjete i primjer.",
            "hr",
        ),
        (
            "Ova stranica je za one koji žele da rade sa nama, a ko ne zna šta treba, neka pročita uslove i primer.",
            "sr",
        ),
        ("Ова страница је за оне који желе да раде са нама и који знају шта треба.", "sr"),
        ("Оваа страница е за оние кои сакаат да работат со нас и кои знаат што треба.", "mk"),
        ("Esta páxina é para quen queira traballar connosco, xa que non hai unha lista dos seus nomes.", "gl"),
        ("Esta página é para quem quer trabalhar com a gente, pois não há uma lista dos seus nomes.", "pt"),
        ("Esta página es para quien quiera trabajar con nosotros, ya que no hay una lista de los nombres.", "es"),
        ("Aquesta pàgina és per a tothom que vulgui treballar amb nosaltres, però no hi ha cap llista.", "ca"),
        ("Aquesta pagina es per totes los que vòlon trabalhar amb nosautres, mas i a pas de lista dels noms.", "oc"),
        ("यह पृष्ठ उन लोगों के लिए है जो हमारे साथ काम करना चाहते हैं।", "hi"),
        ("हे पान अशा लोकांसाठी आहे ज्यांना आमच्या सोबत काम करायचे आहे आणि शिकायचे आहे.", "mr"),
        ("यो पृष्ठ हामीसँग काम गर्न चाहने मानिसहरूका लागि हो र यसमा सबै कुरा छ।", "ne"),
        ("एतत् पृष्ठं तेषां कृते अस्ति ये अस्माभिः सह कार्यं कर्तुम् इच्छन्ति।", "sa"),
        ("এই পৃষ্ঠাটি তাদের জন্য যারা আমাদের সাথে কাজ করতে চান।", "bn"),
        ("এই পৃষ্ঠাটো তেওঁলোকৰ বাবে যিসকলে আমাৰ লগত কাম কৰিব বিচাৰে।", "as"),
        ("ଏହି ପୃଷ୍ଠାଟି ସେମାନଙ୍କ ପାଇଁ ଯେଉଁମାନେ କାମ କରିବାକୁ ଚାହାଁନ୍ତି।", "or"),
        ("If you wan work with us, na dis page you go read; e no dey hard, and wetin you need dey inside.", "pcm"),
        ("Wannan shafin na waɗanda suke son yin aiki tare da mu ne, kuma yana da sauƙi.", "ha"),
        ("Ojú ìwé yìí wà fún àwọn tí ó fẹ́ ṣiṣẹ́ pẹ̀lú wa, kò sì le rárá.", "yo"),
        ("Ibe a bụ maka ndị chọrọ ịrụ ọrụ na anyị, ọ dịghị ike ma nwere ihe niile.", "ig"),
        ("Boggan waxaa loogu talagalay dadka doonaya inay nala shaqeeyaan waana mid fudud oo la fahmi karo.", "so"),
        ("Leli khasi ngelabantu abafuna ukusebenza nathi futhi kufanele bafunde konke ngaphambi kokuthi baqale.", "zu"),
        ("Eli phepha lelabantu abafuna ukusebenza nathi kwaye kufuneka bafunde yonke into kunye nemizekelo.", "xh"),
        ("Hierdie bladsy is vir mense wat saam met ons wil werk, en jy moet dit lees voordat jy begin.", "af"),
        ("Dës Säit ass fir Leit déi mat eis schaffe wëllen, an et gëtt keng méi einfach Manéier.", "lb"),
        ("Tha an duilleag seo airson daoine a tha ag iarraidh obair leinn agus chan eil i doirbh.", "gd"),
        ("Ar bajenn-mañ a zo evit an dud a fell dezho labourat ganeomp hag a oar ar pezh a vez ret.", "br"),
        ("Din il-paġna hija għal dawk li jridu jaħdmu magħna u li għandhom ħafna x’jitgħallmu.", "mt"),
        ("Paj sa a se pou moun ki vle travay ak nou epi ki pa konnen sa yo dwe fè.", "ht"),
        ("Haec pagina est eis qui nobiscum laborare volunt, sed non omnes sciunt quid sit et quae sint in ea.", "la"),
        ("Kini nga panid alang sa mga tawo nga gusto motrabaho uban kanamo ug adunay daghang pangutana.", "ceb"),
        ("Kaca iki kanggo wong sing pengin nyambut gawe karo aku lan ora ana sing angel.", "jv"),
        ("", None),
        ("1234 5678 !?", None),
        ("qwfp zxcv arst", None),
    ],
)
def test_the_language_of_a_text_is_detected(text: str, language: str | None) -> None:
    assert detect_among(text, []) == language


@pytest.mark.parametrize(
    ("text", "hints", "language"),
    [
        ("Esta página é para quem quer trabalhar com a gente.", ["pt-BR"], "pt-BR"),
        ("Esta página é para quem quer trabalhar com a gente.", ["ru", "pl"], "pt"),
        ("Ova stranica je kratka i jasna.", ["pl", "sr-Latn"], "sr-Latn"),
        ("", ["pl"], None),
    ],
)
def test_a_hint_that_fits_about_equally_wins(text: str, hints: list[str], language: str | None) -> None:
    assert detect_among(text, hints) == language


@pytest.mark.slow
def test_every_document_of_the_corpus_is_given_its_language() -> None:
    folder = shared("corpora", "langid")
    rows = [row.split("\t") for row in shared("corpora", "langid.truth.tsv").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for name, language, _ in rows:
        text, _ = read_text(str(folder), name)
        found = parse_document(text, str(folder), name).language
        if found.partition("-")[0] != language:  # Chinese may be told to be in traditional characters
            wrong.append((name, language, found))
    assert len(rows) == 106
    assert not wrong


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Киһи барыта төрүөҕүттэн көҥүл, тэҥ суолталаах уонна тэҥ бырааптаах буолан төрүүр. " * 20, id="Yakut"
        ),
        pytest.param("Пур ҫын та ирӗклӗ, тивӗҫлӗхпе правасем тӗлӗшӗнчен тан ҫуралаҫҫӗ. " * 30, id="Chuvash"),
    ],
)
def test_a_long_text_in_a_language_without_a_row_has_no_language(text: str) -> None:
    assert detect_among(text, []) is None


def test_a_text_that_fits_several_languages_equally_is_in_that_with_most_pages() -> None:
    order = list(languages())
    assert order.index("en") < order.index("pcm")
    assert detect_among("for you and your", []) == "en"


def test_every_function_word_is_in_the_form_that_texts_are_compared_in() -> None:
    for language in languages().values():
        for word in language.words:
            assert word == unicodedata.normalize("NFC", word).casefold(), (language.tag, word)


def test_prose_speaks_more_clearly_for_its_language_than_noise() -> None:
    assert confidence("To jest zdanie, które nie jest długie.") > confidence("qwfp zxcv arst") == 0
    assert confidence("") == 0


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "Latin"),
        ("ż", "Latin"),
        ("я", "Cyrillic"),
        ("λ", "Greek"),
        ("漢", "Han"),
        ("か", "Japanese"),
        ("ក", "Khmer"),
        ("ກ", "Lao"),
        ("አ", "Ethiopic"),
        ("ଅ", "Oriya"),
        ("\u2603", ""),
    ],
)
def test_a_letter_belongs_to_a_script(letter: str, script: str) -> None:
    assert script_of(letter) == script


@pytest.mark.slow
@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_language_of_the_table_or_none(text: str) -> None:
    assert detect_among(text, []) in {None, *languages()}
