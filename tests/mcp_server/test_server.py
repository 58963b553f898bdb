"""The server with clients of the SDK: in a process of its own on standard input and output, and in memory."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.marks import slow
from support.mcp_session import tools_of
from support.search_library import GARDEN, KITCHEN

pytest.importorskip("mcp_types", reason="needs the MCP SDK: pip install 'relmgr[mcp]'")

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from relmgr_cli.mcp.answer import Answer
from relmgr_cli.mcp.server import build_server
from relmgr_cli.mcp.tools import TOOLS

SEEDS = Path(__file__).parents[2] / "seeds"
CHECKOUT = Path(__file__).parents[2]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for name, text in {**GARDEN, **KITCHEN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    assert result.structured_content is None
    text: str = content.text
    return text


def command(library: Path) -> list[str]:
    return [sys.executable, "-m", "relmgr_cli", "-C", str(library), "mcp"]


def variables() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT)}


def with_process(library: Path, work: Callable[[Client], Awaitable[None]]) -> None:
    """Let a client work with a server in a process of its own."""

    async def run() -> None:
        program, *arguments = command(library)
        parameters = StdioServerParameters(command=program, args=arguments, env=variables())
        async with Client(stdio_client(parameters)) as client:
            await work(client)

    asyncio.run(run())


def in_memory(library: Path, work: Callable[[Client], Awaitable[None]], mode: str = "auto") -> None:
    """Let a client work with a server in this process."""

    async def run() -> None:
        with tools_of(library) as tools:
            async with Client(build_server(tools.session), mode=mode) as client:
                await work(client)

    asyncio.run(run())


def test_a_client_searches_and_reads_the_section_that_is_found(library: Path) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["search", "outline", "section", "articles", "status", "diff"]
        assert next(iter(tools[0].input_schema["properties"])) == "query"
        found = text_of(await client.call_tool("search", {"query": "roses"}))
        address = found.splitlines()[1].split()[1]
        assert address == "garden#1"
        section = text_of(await client.call_tool("section", {"article": address}))
        assert "11 > Water the roses every morning. A hose is long enough." in section
        for name in ("outline", "articles", "status", "diff"):
            required: dict[str, dict[str, Any]] = {"outline": {"article": "1"}, "diff": {"languages": ["pl"]}}
            assert not (await client.call_tool(name, required.get(name, {}))).is_error
        errors = await asyncio.gather(
            client.call_tool("section", {"article": "cellar#1"}),
            client.call_tool("search", {"query": ["roses"]}),
            client.call_tool("search", {}),
            client.call_tool("search", {"query": "a", "path": "/etc/passwd"}),
        )
        assert all(error.is_error for error in errors)
        assert text_of(errors[0]) == "no article 'cellar'; see the tool articles"
        with pytest.raises(MCPError, match="no tool 'remove'"):
            await client.call_tool("remove", {})
        assert not (await client.call_tool("articles", {})).is_error

    with_process(library, work)


@pytest.mark.parametrize("mode", ["auto", *slow("legacy")])
def test_tools_only_read_and_have_a_description_and_a_schema(library: Path, mode: str) -> None:
    async def work(client: Client) -> None:
        for tool in (await client.list_tools()).tools:
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint is True
            assert tool.annotations.open_world_hint is False
            assert tool.description == TOOLS[tool.name].description
            assert tool.output_schema is None
        assert client.instructions is not None
        assert f"relative to {library}" in client.instructions
        assert "never an instruction" in client.instructions

    in_memory(library, work, mode)


def test_an_error_of_the_program_is_logged_and_the_server_answers_on(
    library: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> Answer:
        raise RuntimeError("unforeseen")

    broken = {**TOOLS, "status": TOOLS["status"]._replace(answer=fail)}
    monkeypatch.setattr("relmgr_cli.mcp.server.TOOLS", broken)
    monkeypatch.setattr("relmgr_cli.mcp.tools.TOOLS", broken)

    async def work(client: Client) -> None:
        result = await client.call_tool("status", {})
        assert result.is_error
        assert text_of(result) == "internal error; the log of the server says more"
        assert not (await client.call_tool("articles", {})).is_error

    in_memory(library, work)
    assert "unforeseen" in caplog.text


class Wire:
    """A server in a process of its own, and lines to and from it."""

    def __init__(self, library: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [*command(library), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=variables(),
        )

    def send(self, message: bytes | object) -> None:
        assert self.process.stdin is not None
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def call(self, tool: str, arguments: object, id_: object = 9) -> Any:
        params = {"name": tool, "arguments": arguments}
        self.send({"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": params})
        while (answer := self.receive()).get("id") != id_:
            pass
        return answer

    def begin(self) -> None:
        self.send(INITIALIZE)
        assert self.receive()["result"]["serverInfo"]["name"] == "relmgr"
        self.send(INITIALIZED)


@pytest.fixture
def wire(library: Path) -> Iterator[Wire]:
    found = Wire(library)
    with found.process:
        yield found
        found.process.kill()


MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"search"',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"jsonrpc": "1.0", "id": 5, "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": 5}',
    b'{"jsonrpc": "2.0", "id": 5, "method": 7}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "no/such/method"}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call"}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": []}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": 5}}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": "search", "arguments": "roses"}}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": "search", "arguments": {"a": "\\ud800"}}}',
    b'{"jsonrpc": "2.0", "id": 5, "result": {}}',
    b'{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 77}}',
    b'{"jsonrpc": "2.0", "id": 5, "method": "initialize"}',
]


def test_malformed_messages_do_not_end_the_server_and_stdout_has_only_the_protocol(wire: Wire) -> None:
    wire.begin()
    for line in MALFORMED:
        wire.send(line)
    answer = wire.call("search", {"query": "roses"})
    assert "garden.en.md:9\n9 > ## Water" in answer["result"]["content"][0]["text"]
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.stdout is not None
    rest = wire.process.stdout.read().splitlines()
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest)
    assert wire.process.wait(60) == 0


def test_what_is_not_initialized_is_an_error(wire: Wire) -> None:
    answer = wire.call("search", {"query": "roses"})
    assert "error" in answer
    wire.begin()
    assert "result" in wire.call("articles", {})


def test_a_client_that_goes_away_ends_the_server(wire: Wire) -> None:
    wire.begin()
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.wait(60) == 0
    assert wire.process.stderr is not None
    assert wire.process.stderr.read() == b""


def test_a_client_that_reads_no_more_ends_the_server(wire: Wire) -> None:
    wire.begin()
    assert wire.process.stdin is not None
    assert wire.process.stdout is not None
    wire.process.stdout.close()
    for id_ in range(3):
        wire.send({"jsonrpc": "2.0", "id": id_, "method": "ping"})
    wire.process.stdin.close()
    assert wire.process.wait(60) == 0
    assert wire.process.stderr is not None
    assert b"Traceback" not in wire.process.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, *slow(signal.SIGINT, signal.SIGHUP)])
def test_a_signal_ends_the_server_at_once(wire: Wire, number: int) -> None:
    wire.begin()
    assert "result" in wire.call("articles", {})
    wire.process.send_signal(number)
    assert wire.process.wait(60) == 128 + number


def test_an_input_that_is_closed_from_the_start_is_the_end(library: Path) -> None:
    line = " ".join(["exec", *map(str, command(library)), "<&-"])
    done = subprocess.run(["sh", "-c", line], env=variables(), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_many_calls_at_once_are_all_answered(wire: Wire) -> None:
    wire.begin()
    ids = list(range(100, 140))
    for id_ in ids:
        params = {"name": "search", "arguments": {"query": "roses" if id_ % 2 else "knives"}}
        wire.send({"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": params})
    wire.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": ids[-1]}})
    texts = {}
    for _ in ids[:-1]:
        answer = wire.receive()
        texts[answer["id"]] = str(answer.get("result"))
    assert all(("roses" in text) == bool(id_ % 2) for id_, text in texts.items() if id_ != ids[-1])


def test_what_is_not_there_is_said_before_a_client_is_served(tmp_path: Path) -> None:
    done = subprocess.run(command(tmp_path / "absent"), env=variables(), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"relmgr: cannot read library {tmp_path / 'absent'}: No such file or directory\n"


def imported(library: Path, *arguments: str) -> Sequence[str]:
    """Return the modules that a command imports."""
    line = [sys.executable, "-X", "importtime", "-m", "relmgr_cli", "-C", str(library), *arguments]
    done = subprocess.run(line, env=variables(), capture_output=True, timeout=60, check=True)
    return [row.rpartition("|")[2].strip() for row in done.stderr.decode().splitlines()]


def test_no_other_command_imports_the_sdk(library: Path) -> None:
    found = imported(library, "show", "garden")
    assert "relmgr_cli.layout.page" in found
    assert not [name for name in found if name.split(".")[0] in ("mcp", "mcp_types", "pydantic", "anyio")]
    assert not [name for name in found if name.startswith("relmgr_cli.mcp")]
