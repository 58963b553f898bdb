"""The source language in the configuration of site generators."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.marks import slow

from relmgr_cli.corpus.site_config import find_site_files, read_site, to_tag
from relmgr_cli.corpus.site_formats import read_script, read_values

Write = Callable[[str, str], Path]

HUGO_TOML = """
baseURL = "https://example.org"
defaultContentLanguage = "cn"
[languages.cn]
languageCode = "zh-CN"
contentDir = "content/chinese"
[languages.en]
contentDir = "content/english"
[languages.bad]
contentDir = "../../home"
"""
MKDOCS = """
site_name: Guide
theme:
  name: material
  language: de
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      key: !ENV [TOKEN, "x"]
plugins:
  - search
  - i18n:
      languages:
        - locale: pl
          default: false
        - locale: ru
          default: true
"""
DOCUSAURUS = """
// defaultLocale: 'fr'
/* i18n: {defaultLocale: 'de'} */
const title = "It's {a} title: 'x'";
module.exports = {
  title,
  "i18n": {
    defaultLocale: 'pt-BR',
    locales: ['pt-BR', 'en'],
  },
};
"""
STARLIGHT = """
export default defineConfig({
  integrations: [starlight({
    title: `My ${name}`,
    defaultLocale: 'root',
    locales: {
      fr: { label: 'Français', lang: 'fr' },
      root: { label: 'Polski', lang: 'pl' },
    },
  })],
});
"""
VITEPRESS = """
const locales: Locales = { root: { label: 'English' }, zh: { label: '简体中文', lang: 'zh-CN' } };
export default defineConfig({ lang: 'de', locales, themeConfig: { nav: [{ text: 'a', link: '/' }] } });
"""
CASES = [
    ("hugo.toml", HUGO_TOML, "zh"),
    ("hugo.yaml", "languages:\n  pt: {locale: pt-BR}\ndefaultContentLanguage: pt\n", "pt-BR"),
    ("hugo.json", '{"defaultContentLanguage": "uk"}', "uk"),
    ("config.toml", 'defaultContentLanguage = "nl"', "nl"),
    ("config.toml", 'default_language = "it"', "it"),
    ("config.json", '{"languages": {"en": {}}, "lang": "de"}', ""),
    ("config/_default/hugo.yaml", "defaultContentLanguage: en", "en"),
    ("mkdocs.yml", MKDOCS, "ru"),
    ("mkdocs.yml", "theme: {language: de}\nplugins: [search]\n", "de"),
    ("mkdocs.yml", "plugins:\n  i18n:\n    default_language: fr\n    languages: {en: English, fr: x}\n", "fr"),
    ("mkdocs.yml", "theme:\n  language: cs\nnav: [a\nb: }", "cs"),
    ("docusaurus.config.js", DOCUSAURUS, "pt-BR"),
    ("docusaurus.config.ts", "const config: Config = {i18n: {defaultLocale: process.env.L ?? 'ja'}};", "ja"),
    ("astro.config.mjs", STARLIGHT, "pl"),
    ("astro.config.ts", "export default defineConfig({i18n: {defaultLocale: 'es', locales}})", "es"),
    ("astro.config.mjs", "starlight({locales: {root: {label: 'Türkçe', lang: 'tr'}, en: {label: 'English'}}})", "tr"),
    ("astro.config.mjs", "starlight({title: 'One language'})", ""),
    (".vitepress/config.mts", VITEPRESS, "en"),
    (".vitepress/config.js", "module.exports = {title: 'x', lang: 'ko-KR'}", "ko"),
    (".vitepress/config/index.ts", "export default {locales: {root: {lang: 'ru-RU'}, en: {lang: 'en-US'}}}", "ru"),
    (".vuepress/config.js", "module.exports = {locales: {'/en/': {lang: 'en'}, '/': {lang: 'zh-CN'}}}", "zh"),
    ("_config.yml", "languages: [en, pl]\ndefault_lang: pl\n", "pl"),
    ("_config.yml", 'languages: ["cs", "en"]\n', "cs"),
    ("_config.yml", "locale: en-GB\n", "en-GB"),
    ("_config.yml", "title: x\nlanguage:\n  - zh-TW\n  - en\n", "zh-TW"),
    ("lunaria.config.json", '{"defaultLocale": {"label": "Polski", "lang": "pl"}}', "pl"),
    ("lunaria.config.json", '{"defaultLocale": "en", "locales": ["ru"]}', "en"),
    ("lunaria.config.ts", "defineConfig({sourceLocale: {label: 'x', lang: 'en'}, locales: [{lang: 'ar'}]})", "en"),
    ("book.toml", '[book]\nlanguage = "fa"\n', "fa"),
    ("conf.py", "import os\nlanguage = 'hu'  # the default\n", "hu"),
    ("conf.py", "language = os.environ['X']\n", ""),
]


@pytest.mark.parametrize(("name", "text", "source"), CASES)
def test_the_source_language_of_a_site(tmp_path: Path, write: Write, name: str, text: str, source: str) -> None:
    path = write(name, text)
    assert str(path) in find_site_files(str(tmp_path), os.listdir(tmp_path))
    site = read_site(str(path))
    assert (site.source if site else "") == source
    if site:
        assert site.folder == str(tmp_path)


def test_the_folders_of_languages_in_hugo(tmp_path: Path, write: Write) -> None:
    site = read_site(str(write("hugo.toml", HUGO_TOML)))
    assert site is not None
    assert site.folders == {str(tmp_path / "content/chinese"): "zh", str(tmp_path / "content/english"): "en"}
    site = read_site(str(write("config/_default/languages.toml", '[pl]\ncontentDir = "content/polski"\n')))
    assert site is not None
    assert (site.folder, site.folders) == (str(tmp_path), {str(tmp_path / "content/polski"): "pl"})


def test_a_site_next_to_its_documents_is_about_the_folder_of_both(tmp_path: Path, write: Write) -> None:
    script = "module.exports = {i18n: {defaultLocale: 'en'}, presets: [['classic', {docs: {path: '../docs'}}]]}"
    site = read_site(str(write("website/docusaurus.config.js", script)))
    assert site is not None
    assert site.folder == str(tmp_path)
    site = read_site(str(write("site/mkdocs.yml", "docs_dir: ../docs\ntheme: {language: en}\n")))
    assert site is not None
    assert site.folder == str(tmp_path)
    site = read_site(str(write("site/mkdocs.yml", "docs_dir: ../../../etc\ntheme: {language: en}\n")))
    assert site is not None
    assert site.folder == str(tmp_path / "site")


def test_the_tool_of_translators_comes_before_the_site(tmp_path: Path, write: Write) -> None:
    for name in ("_config.yml", ".vitepress/config.ts", "lunaria.config.json", "astro.config.mjs", "README.md"):
        write(name, "")
    found = find_site_files(str(tmp_path), os.listdir(tmp_path))
    assert [os.path.relpath(path, tmp_path) for path in found] == [
        *("lunaria.config.json", "astro.config.mjs", "_config.yml", ".vitepress", ".vitepress/config.ts"),
    ]


def test_names_of_languages_as_configurations_write_them() -> None:
    written = ["pt_br", "English", "zh-Hant", "root", "", None, 3, "x" * 1000, "français"]
    assert [to_tag(name) for name in written] == ["pt-BR", "en", "zh-Hant", "", "", "", "", "", "fr"]


ALIASES = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)) + "lang: pl\n"
HOSTILE = [
    "[" * 100_000,
    "{" * 100_000,
    "a:\n" + "".join(f"{' ' * n}- \n" for n in range(2000)),
    "'" * 100_000,
    "\\'" * 50_000,
    "/*" * 50_000,
    "`${" * 30_000,
    "a.".join("b" * 5000) + " = 1",
    "&a [*a, *a, *a]",
    "lang: &l !x pl\n" + "k: *l\n" * 10_000,
    "\0\1\2",
    "x" * 300_000,
    "1" * 5000,
]


# One file in each format; the slow tests try the others, which differ in what is looked for.
EACH_FORMAT = ("conf.py", "docusaurus.config.js", "hugo.toml", "lunaria.config.json", "mkdocs.yml")
OTHERS = sorted({name for name, _, _ in CASES} - {*EACH_FORMAT})


@pytest.mark.parametrize("name", [*EACH_FORMAT, *slow(*OTHERS)])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_says_nothing(write: Write, name: str, text: str) -> None:
    site = read_site(str(write(name, text)))
    assert site is None or site.source in ("", "pl")


def test_an_alias_in_yaml_is_the_value_that_it_names(write: Write) -> None:
    values = read_values(str(write("a.yml", ALIASES)))
    assert values["lang"] == "pl"
    assert values["b7"] == [["x"], ["x"]]
    assert read_values(str(write("a.yml", "a: &x {b: &y 1}\nc: *x\nd: *y\ne: *none\n")))["c"] == {"b": "1"}


@pytest.mark.parametrize("kind", ["fifo", "link", "folder", "gone"])
def test_what_is_not_a_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "_config.yml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        (tmp_path / "other").write_text("lang: pl\n")
        path.symlink_to("other")
    elif kind == "folder":
        path.mkdir()
    assert read_site(str(path)) is None


@given(st.text(alphabet="{}[]():=,;'\"`\\/*\n a1.$", max_size=200))
def test_any_script_can_be_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.config.js"
    path.write_text(text)
    assert all(isinstance(value, str) and all(names) for names, value in read_script(str(path)).items())
