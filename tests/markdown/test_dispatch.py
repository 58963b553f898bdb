"""Looking up rules by the first character changes nothing about what is parsed."""

from typing import Any

import pytest

from relmgr_cli.markdown import grammar
from relmgr_cli.markdown.cjk import CjkInlineParser

TEXT = """\
Setext
===
para - with: all #marks @here > and } and 1. numbers
* list\n+ list\n- [x] task\n3) three\n> quote\n***\n```py\ncode\n```\n~~~\ntilde\n~~~
| a | b |\n|---|---|\n| 1 | 2 |

Term\n: meaning\n\n    code\n\n[ref]: <https://example.org> 'title'\n[^1]: note **bold**

&amp; \\* `x` ~~old~~ _em_ **b** [ref] [^1] ![i](u) <https://a.b> <b>x</b> ^[inline] a\\\nb  \nc http://x.y/z#a
# Heading {#id}\n<div>\nhtml\n</div>\n:::note\n!!! tip\n    in it\n{{< x >}}\n$$\nx\n$$ [[wiki]] ==mark== ++ctrl++ H~2~O
"""


@pytest.mark.parametrize("is_mdx", [False, True])
def test_rules_that_are_looked_up_read_the_same_as_all_rules(monkeypatch: pytest.MonkeyPatch, *, is_mdx: bool) -> None:
    def tokens() -> list[dict[str, Any]]:
        parser = grammar.make_parser(is_mdx=is_mdx, limits_rule=lambda *_: False)
        return [dict(token.as_dict()) for token in parser.parse(TEXT)]

    found = tokens()
    monkeypatch.setattr(grammar, "BlockRules", lambda rules, _: rules)
    monkeypatch.setattr(CjkInlineParser, "use_rules", lambda *_: None)
    assert found == tokens()
    assert {"table_open", "ordered_list_open", "dl_open", "hr", "blockquote_open"} <= {each["type"] for each in found}
