"""Which files of a library are images that an export may carry."""

from pathlib import Path

import pytest

from relmgr_cli.corpus.document import Document
from relmgr_cli.export import images
from relmgr_cli.export.images import LibraryImages, media_type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def document(root: Path, path: str) -> Document:
    return Document(str(root), path, "en", None, "", "", (), 0, (), ())


def write(path: Path, data: bytes = PNG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (SVG, "image/svg+xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->' + SVG, "image/svg+xml"),
        (b"<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>" + SVG, ""),
        (b"<!DOCTYPE svg [<!entity % a SYSTEM 'file:///etc/passwd'>]>" + SVG, ""),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/">' + SVG, "image/svg+xml"),
        (SVG.decode().encode("utf-16"), ""),
        (b"<html><svg></svg></html>", ""),
        (b"#!/bin/sh", ""),
        (b"", ""),
    ],
)
def test_the_type_of_an_image_is_told_by_its_content(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type


@pytest.mark.parametrize("href", ["a.png", "./a.png", "../en/a.png", "/en/a.png", "a.png?raw=true", "%61.png"])
def test_an_image_is_found_from_the_folder_of_its_document(tmp_path: Path, href: str) -> None:
    write(tmp_path / "en/a.png")
    found = LibraryImages().find(href, [document(tmp_path, "en/x.md")])
    assert found
    assert found == (PNG, "image/png")


@pytest.mark.parametrize("file", ["static/img/a.png", "img/a.png", "site/public/img/a.png"])
def test_a_path_from_the_root_is_found_in_the_folders_of_static_files(tmp_path: Path, file: str) -> None:
    write(tmp_path / file)
    assert LibraryImages().find("/img/a.png", [document(tmp_path, "site/en/x.md")])


def test_the_image_of_a_translation_may_be_that_of_the_source(tmp_path: Path) -> None:
    write(tmp_path / "en/a.png")
    assert LibraryImages().find("a.png", [document(tmp_path, "pl/x.md"), document(tmp_path, "en/x.md")])


@pytest.mark.parametrize(
    "href",
    ["../../a.png", "/../a.png", "..%2F..%2Fa.png", "..\\..\\a.png", "link/a.png", "link.png", "folder", "a\0.png"],
)
def test_nothing_outside_of_the_library_is_read(tmp_path: Path, href: str) -> None:
    write(tmp_path / "a.png")
    (tmp_path / "lib/en/folder").mkdir(parents=True)
    (tmp_path / "lib/en/link").symlink_to(tmp_path)
    (tmp_path / "lib/en/link.png").symlink_to(tmp_path / "a.png")
    assert LibraryImages().find(href, [document(tmp_path / "lib", "en/x.md")]) is None


@pytest.mark.parametrize(
    "href", ["https://example.org/a.png", "//example.org/a.png", "data:image/png;base64,AA", "#a", ""]
)
def test_an_address_is_no_image_of_the_library(tmp_path: Path, href: str) -> None:
    assert LibraryImages().find(href, [document(tmp_path, "x.md")]) is None


def test_what_is_too_large_is_left_out_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", len(PNG))
    monkeypatch.setattr(images, "MAX_TOTAL_BYTES", 2 * len(PNG))
    write(tmp_path / "large.png", PNG + b"0")
    write(tmp_path / "text.png", b"text")
    write(tmp_path / "a.png")
    found = LibraryImages()
    shown = [bool(found.find(href, [document(tmp_path, "x.md")])) for href in ("large.png", "text.png", *["a.png"] * 3)]
    assert shown == [False, False, True, True, False]
    assert found.left_out == 3
