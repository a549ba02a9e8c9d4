"""The words of the page and of the terminal, in both languages."""

from __future__ import annotations

from typing import Final

SENTENCES: Final = {
    "en": {
        "title": "Acceptance of release 1.0",
        "made": "Made by `make acceptance` from acceptance/requirements.toml and last.json.",
        "intro": "What release 1.0 must do, the command that shows it, and what it showed last. "
        "`make acceptance` runs all of them, writes this page and ends with 1 when a requirement "
        "is not met; `make acceptance ONLY=name` runs one. Nothing else should run "
        "meanwhile. The public sets of questions are not part "
        "of the repository: `SETS=folder` says where they are.",
        "verdict": "**{all} requirements: {met} met, {missed} not met, "
        "{unmeasured} not measured yet.**",
        "took": "All commands together took {minutes} min.",
        "columns": "name | requirement | bound | figure | met | measured",
        "shown": "Shown by:",
        "machines": "Where it was measured",
        "machine": "{processor}, {cores} cores, {memory} GiB of memory, {system}",
        "nowhere": "Nothing is measured yet.",
        "not_measured": "not measured yet",
        "met": "yes",
        "not met": "**no**",
        "not measured": "–",
        "tests": "{failed} failed of {all}",
        "skipped": ", {skipped} skipped",
        "bound_tests": "none fails",
        "bound_exit": "ends with 0",
        "exit": "ended with {status}",
        "broke": "none: the command ended with {status}",
        "broke_unstarted": "none: the command could not be started",
        "out_of_time": "none: stopped after {seconds} s",
        "unreadable": "none: the command did not write it",
        "when": "{at} UTC, commit {commit}, load {load}, machine {machine}",
        "log": "its output: {log}",
    },
    "ru": {
        "title": "Приёмка версии 1.0",
        "made": "Страницу делает `make acceptance` из acceptance/requirements.toml и last.json.",
        "intro": "Что должна уметь версия 1.0, какой командой это проверить и что она показала "
        "в последний раз. `make acceptance` выполняет все команды, записывает эту страницу "
        "и завершается с кодом 1, если какое-то требование не выполнено; "
        "`make acceptance ONLY=имя` проверяет одно. Ничего другого в это время "
        "запускать не стоит. Открытых наборов вопросов "
        "в репозитории нет: где они лежат, указывает `SETS=папка`.",
        "verdict": "**Требований: {all}. Выполнено: {met}, не выполнено: {missed}, "
        "ещё не измерено: {unmeasured}.**",
        "took": "Все команды вместе заняли {minutes} мин.",
        "columns": "имя | требование | граница | значение | выполнено | измерено",
        "shown": "Чем проверяется:",
        "machines": "На чём измерено",
        "machine": "{processor}, ядер: {cores}, память: {memory} ГиБ, {system}",
        "nowhere": "Пока ничего не измерено.",
        "not_measured": "ещё не измерено",
        "met": "да",
        "not met": "**нет**",
        "not measured": "–",
        "tests": "не прошло {failed} из {all}",
        "skipped": ", пропущено: {skipped}",
        "bound_tests": "проходят все",
        "bound_exit": "код завершения 0",
        "exit": "код завершения {status}",
        "broke": "нет: команда завершилась с кодом {status}",
        "broke_unstarted": "нет: команда не запустилась",
        "out_of_time": "нет: остановлена через {seconds} с",
        "unreadable": "нет: команда его не записала",
        "when": "{at} UTC, коммит {commit}, нагрузка {load}, машина {machine}",
        "log": "её вывод: {log}",
    },
}


def say(language: str, key: str, **values: object) -> str:
    """The sentence with its placeholders filled."""
    return SENTENCES[language][key].format(**values)
