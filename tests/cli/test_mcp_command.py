"""`relmgr mcp` without the SDK; with it, see tests/mcp_server."""

import sys

import pytest
from conftest import Relmgr


def test_without_the_sdk_one_line_says_what_to_install(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mcp", "mcp.server", "mcp_types", "anyio"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "relmgr_cli.mcp.server", raising=False)
    result = relmgr("mcp")
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert result.err.startswith("relmgr: relmgr mcp needs the MCP SDK; install it with: pip install 'relmgr[mcp]' (")
