from pathlib import Path

import pytest

from raggen_cli import stamps
from raggen_cli.steps import Step, stamped


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "src" / "deep").mkdir(parents=True)
    (tmp_path / "src" / "a.ts").write_text("a")
    (tmp_path / "src" / "deep" / "b.ts").write_text("b")
    return tmp_path


def of(tree: Path, *extra: str) -> str:
    return stamps.fingerprint([tree / "src", tree / "maybe.json"], tree, *extra)


def test_the_same_inputs_have_the_same_fingerprint(tree: Path) -> None:
    assert of(tree) == of(tree)


def test_a_moved_tree_keeps_its_fingerprint(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = of(tree)
    moved = tmp_path_factory.mktemp("elsewhere") / "tree"
    tree.rename(moved)
    assert of(moved) == before


@pytest.mark.parametrize("change", ["content", "new", "gone", "renamed", "maybe", "moved_byte"])
def test_every_change_shows(tree: Path, change: str) -> None:
    before = of(tree)
    a, b = tree / "src" / "a.ts", tree / "src" / "deep" / "b.ts"
    match change:
        case "content":
            a.write_text("A")
        case "new":
            (tree / "src" / "c.ts").touch()
        case "gone":
            b.unlink()
        case "renamed":
            a.rename(a.with_name("z.ts"))
        case "maybe":
            (tree / "maybe.json").touch()
        case "moved_byte":
            a.write_text("")
            b.write_text("ab")
    assert of(tree) != before


def test_a_word_shows(tree: Path) -> None:
    assert of(tree, "3.11") != of(tree, "3.12")


def test_what_is_made_does_not_show(tree: Path) -> None:
    before = of(tree)
    (tree / "src" / "generated").mkdir()
    (tree / "src" / "generated" / "client.ts").touch()
    assert of(tree) == before


class Work:
    """A step on a real file, that counts how often it ran and can be cut off."""

    def __init__(self, tree: Path) -> None:
        self.tree, self.runs, self.cut_off = tree, 0, False
        self.output = tree / "output"
        self.step: Step = stamped(
            "step_build", 1, tree / "stamps" / "s", lambda: of(tree), self.run,
            is_there=self.output.exists,
        )  # fmt: skip

    def run(self, _detail: object) -> None:
        self.runs += 1
        self.output.touch()
        if self.cut_off:
            raise KeyboardInterrupt


def nothing(_line: str) -> None:
    pass


def test_a_step_is_done_once(tree: Path) -> None:
    work = Work(tree)
    assert not work.step.is_done()
    work.step.run(nothing)
    assert work.step.is_done()


def test_a_step_is_not_done_without_its_output(tree: Path) -> None:
    work = Work(tree)
    work.step.run(nothing)
    work.output.unlink()
    assert not work.step.is_done()


def test_a_step_that_was_cut_off_is_not_done_even_when_its_inputs_go_back(tree: Path) -> None:
    work = Work(tree)
    work.step.run(nothing)
    (tree / "src" / "a.ts").write_text("changed")
    work.cut_off = True
    with pytest.raises(KeyboardInterrupt):
        work.step.run(nothing)
    (tree / "src" / "a.ts").write_text("a")
    assert not work.step.is_done()
