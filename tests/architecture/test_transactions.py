"""What may happen inside a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.project import name, python, tree

OPENERS = {"begin", "look"}
WAITING = (ast.Await, ast.AsyncFor, ast.AsyncWith)
LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def waits_inside(module: ast.AST) -> list[int]:
    """The lines where something is awaited while a transaction is open."""
    lines = []
    for block in ast.walk(module):
        if isinstance(block, ast.With) and any(_opens(opened.context_expr) for opened in block.items):
            lines += [node.lineno for node in _done_in(block.body) if isinstance(node, WAITING)]
    return lines


def _opens(expression: ast.expr) -> bool:
    return (
        isinstance(expression, ast.Call)
        and isinstance(expression.func, ast.Attribute)
        and expression.func.attr in OPENERS
    )


def _done_in(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Everything that is carried out in a block; what is only defined there is carried out later."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, LATER):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


def test_nothing_is_awaited_inside_a_transaction() -> None:
    """A transaction is brief: no send, no fetch and no sleep happens while one is open."""
    found = [f"{name(path)}:{line}" for path in python("tbtwatch") for line in waits_inside(tree(path))]

    assert found == []


@pytest.mark.parametrize(
    ("body", "waits"),
    [
        ("    await send()", 1),
        ("    if owed:\n        async with fetcher:\n            pass", 1),
        ("    async for page in pages:\n        pass", 1),
        ("    async def later():\n        await send()", 0),
        ("    tx.outbox.claim()", 0),
    ],
)
def test_the_test_sees_what_waits(body: str, waits: int) -> None:
    """An await inside a transaction is found however deep it stands; one in a function defined there is not inside."""
    source = "async def work():\n  with self.app.storage.begin() as tx:\n" + body
    assert len(waits_inside(ast.parse(source))) == waits


def test_there_are_transactions_to_look_at() -> None:
    """The project opens transactions in the way that this test looks for."""
    opened = [
        node
        for path in python("tbtwatch")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.With) and any(_opens(one.context_expr) for one in node.items)
    ]
    assert len(opened) > 20
