"""Writes blocks and spans as Markdown again."""

from relmgr_cli.markdown.blocks import Block


def block_text(block: Block) -> str:
    """Return the Markdown of a block without the markers of its containers; "" for a rule."""
    return block.text
