"""Upgrade and rollback."""

TEXTS = {
    "help_upgrade": "Перейти на новую версию: копия, загрузка, настройка, миграция, проба.",
    "help_tag": "Версия, например v1.2.0. (по умолчанию: самая новая)",
    "help_rollback": "Вернуться на версию до обновления, сохранив сегодняшние данные.",
    "help_start_once": "Запустить обе службы, дождаться готовности и остановить.",
    "upgrade_no_clone": "{path} – не клон git, поэтому raggen не может сменить версию. Склонируйте "
    "репозиторий или замените файлы сами после `raggen backup`.",
    "upgrade_dirty": "Файлы этой установки изменены (выше). Верните их (git stash) или закоммитьте "
    "и повторите. {path}",
    "upgrade_in_the_way": "На месте файлов, которые есть в {target}, лежат ваши (выше). "
    "Переместите их и повторите. {path}",
    "upgrade_no_remote": "Удалённый репозиторий не отвечает; выбирать можно только из версий, "
    "которые уже здесь.",
    "upgrade_no_tags": "Переходить некуда: нет ни одного тега на v.",
    "upgrade_unknown_tag": "Версии {tag} нет. Какие есть, покажет `git tag --list`.",
    "upgrade_already": "Это уже {target}.",
    "upgrade_not_newer": "{target} не новее, чем {former}: она не знает, через что прошли данные. "
    "На версию до последнего обновления возвращает `raggen rollback`.",
    "upgrade_running": "Версию этих данных уже меняет другой процесс ({pid}).",
    "upgrade_begins": "С {former} на {target}. Прервать можно в любой момент: при следующем "
    "запуске обновление продолжится.",
    "upgrade_goes_on": "Переход с {former} на {target} прервался на шаге: {step}. Продолжаем.",
    "upgrade_step_backup": "резервная копия",
    "upgrade_step_checkout": "файлы версии",
    "upgrade_step_setup": "настройка",
    "upgrade_step_start": "миграция и пробный запуск",
    "upgrade_step_data": "данные прежней версии",
    "upgrade_step_done": "конец",
    "upgrade_backup": "Копия: {path}",
    "upgrade_command_failed": "{command}: ошибка (код {code}); причина выше.",
    "upgrade_checkout_failed": "git не смог перейти на {target}; его сообщение выше.",
    "upgrade_git_failed": "Ошибка git; его сообщение выше.",
    "upgrade_undoes": "Возвращаемся с {target} на {former}.",
    "upgrade_undone": "Обновление не удалось, всё осталось как было, версия {former}. "
    "Причина выше.",
    "upgrade_done": "Теперь это {target}. Запуск: python3 bootstrap.py up\n"
    "`raggen rollback` вернёт {former}, сохранив всё, что будет сказано до этого.",
    "upgrade_unfinished": "Обновление с {former} на {target} прервано. `raggen upgrade` продолжит "
    "его, `raggen rollback` вернёт {former}.",
    "upgrade_journal_damaged": "Не читается журнал обновления: {path}",
    "rollback_nothing": "Возвращаться не с чего: обновления не было.",
    "rollback_elsewhere": "Последнее обновление привело к {target}, а сейчас это {here}. Сначала "
    "перейдите на {target} (git checkout).",
    "rollback_no_way": "С сегодняшними данными на {former} не вернуться: у миграции {name} нет "
    "down.sql. Копию до обновления ({backup}) можно восстановить на {former}, но сказанное с тех "
    "пор пропадёт.",
    "rollback_data_failed": "Данные не удалось вернуть к прежней схеме; причина выше. Они не "
    "изменились.",
    "rollback_begins": "С {target} обратно на {former}, с сегодняшними данными.",
    "rollback_done": "Это снова {former}. Запуск: python3 bootstrap.py up",
    "rollback_unfinished": "Возврат с {target} на {former} прерван. "
    "`raggen rollback` закончит его.",
}
