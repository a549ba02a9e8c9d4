from pathlib import Path

from raggen_cli import logs


def test_a_small_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("a")
    logs.rotate(log, limit=1)
    assert log.read_text() == "a"


def test_the_newest_few_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "x.log"
    for number in range(6):
        logs.rotate(log, limit=1)
        log.write_text(f"run {number}")
    kept = {path.name: path.read_text() for path in log.parent.iterdir()}
    assert kept == {
        "x.log": "run 5",
        "x.log.1": "run 4",
        "x.log.2": "run 3",
        "x.log.3": "run 2",
    }


def test_the_tail_is_of_one_run(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("old\n")
    since = logs.size(log)
    with log.open("a") as file:
        file.write("".join(f"line {number}\n" for number in range(5)))
    assert logs.tail(log, 3, since=since) == ["line 2", "line 3", "line 4"]
    assert logs.tail(log, 99, since=since)[0] == "line 0"


def test_there_may_be_no_log(tmp_path: Path) -> None:
    assert logs.tail(tmp_path / "none") == []
    assert logs.size(tmp_path / "none") == 0
