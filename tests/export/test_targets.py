import pytest

from relmgr_cli.export.targets import safe_target


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/a?b=c#d",
        "HTTP://example.org",
        "mailto:a@example.org",
        "../other.md#part",
        "#part",
        "a/b:c",
        "page?x=javascript:y",
        "%D1%81.md",
    ],
)
def test_a_target_of_the_web_of_mail_or_of_the_library_is_kept(target: str) -> None:
    assert safe_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript\x00:alert(1)",
        "java\u200bscript:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "&amp;#106;avascript:alert(1)",
        "javascript%3Aalert(1)",
        "%6aavascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,AAAA",
        "file:///etc/passwd",
        "blob:x",
        "C:\\windows",
        "",
        " ",
        "a" * 3000,
    ],
)
def test_any_other_target_is_refused(target: str) -> None:
    assert safe_target(target) == ""


def test_a_target_on_the_host_of_a_page_is_one_of_the_web() -> None:
    assert safe_target("//example.org/a") == "https://example.org/a"
