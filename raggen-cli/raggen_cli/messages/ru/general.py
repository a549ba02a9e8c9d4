"""Russian."""

TEXTS = {
    # settings
    "bad_port": "{name}: {value!r} – это не порт.\n"
    "Напишите целое число от 1 до 65535 или 0 (любой свободный порт), например: {name}=3000",
    "same_port": "{first} и {second} – оба {port}. Дайте каждой службе свой порт.",
    "bad_data_dir": "{name}: {value!r} – это не папка.\n"
    "Напишите путь к папке; если её нет, она будет создана.",
    # checks before anything is started
    "already_running": "raggen с этими данными уже запущен: {url} (процесс {pid}).\n"
    "Откройте этот адрес или сначала остановите его (kill {pid}). "
    "Второму нужны свои данные и порты: --data-dir … --port …\n"
    "Данные: {data_dir}",
    "already_starting": "Другой raggen сейчас настраивается или запускается с этой папкой данных.\n"
    "Подождите, пока он покажет адрес, или сначала остановите его. Данные: {data_dir}",
    "data_dir_not_writable": "Папку данных нельзя использовать: {path}\n"
    "{reason}\nВыберите другую (--data-dir) или разрешите себе запись в эту.",
    "port_taken_by": "Порт {port} занят программой {name} (процесс {pid}).\n"
    "Остановите её или выберите другой порт: {option} {free}",
    "port_taken": "Порт {port} занят другой программой.\n"
    "Остановите её или выберите другой порт: {option} {free}",
    "port_forbidden": "Система не разрешает вам порт {port}.\n"
    "Выберите порт больше 1023, например: {option} 3000",
    "disk_too_small": "Мало места на диске ({path}): для настройки нужно {needed} МБ, "
    "свободно {free} МБ.\n"
    "Освободите место или склонируйте raggen на другой диск и запустите снова.",
    "temporary_too_small": "Мало места для загрузок ({path}): нужно {needed} МБ, "
    "свободно {free} МБ.\n"
    "Освободите место или укажите другую папку, например: TMPDIR=/var/tmp",
    # set-up
    "setup_waits": "Эту папку уже настраивает другой процесс; ждём, пока он закончит.",
    "setup_interrupted": "Остановлено. Запустите снова: настройка продолжится с этого места.",
    "step_runtime": "Пакеты Python",
    "step_reference": "sentence-transformers, для других моделей",
    "step_torch": "PyTorch",
    "step_models": "Модели, которые читают сообщения (all-MiniLM-L6-v2, multilingual-e5-small)",
    "step_check_encoder": "Проверка весов all-MiniLM-L6-v2",
    "step_check_multilingual": "Проверка весов multilingual-e5-small",
    "step_npm": "Пакеты веб-страницы",
    "step_generate": "Создание кода",
    "step_build": "Сборка веб-страницы",
    "step_local_model": "Маленькая демонстрационная модель (SmolLM2-135M)",
    "step_check_local_model": "Проверка весов демонстрационной модели",
    "step_dev": "Инструменты для проверок и тестов",
    "step_docs": "Сборка сайта документации",
    "step_curl": "curl: им выполняются примеры из документации",
    "step_chromium": "Chromium для тестов в браузере",
    "step_libfiu": "libfiu: с ней в тестах не удаётся запись",
    "step_postgresql": "PostgreSQL: на нём тесты идут ещё раз",
    "step_nginx": "nginx: за ним тест обращается к raggen",
    "step_systemd": "systemd: он проверяет в тесте свои юниты",
    "step_promtool": "promtool, которым тест проверяет правила оповещений",
    "step_start": "Запуск",
    "step_failed": "Шаг настройки не удался; последние строки выше, весь журнал: {log}\n"
    "Когда причина исчезнет, запустите снова: готовое заново не делается.",
    "disk_full": "Диск заполнен. Освободите место и запустите снова. (Журнал: {log})",
    "hashes_differ": "Пакет не тот, с которым создан raggen: не совпал хеш.\n"
    "Возможно, его изменили по дороге. Ничего из него не установлено. "
    "Попробуйте позже или из другой сети; если не поможет, сообщите нам. (Журнал: {log})",
    "no_network": "Не удалось получить пакет: сеть или хранилище пакетов не отвечает.\n"
    "Проверьте соединение (и прокси, если он нужен) и запустите снова. (Журнал: {log})",
    "weights_differ": "Это не опубликованные веса: {file}\n"
    "Ожидался sha256 {expected}\nУстановите их заново и запустите снова:\n\n    {command}\n",
    "no_libfiu": "Тестам сбоев диска нужна libfiu. Установите её и запустите снова:\n\n"
    "    {command}\n",
    "no_postgresql": "Тесты идут и на PostgreSQL. Установите его и запустите снова:\n\n"
    "    {command}\n",
    "no_nginx": "Один тест запускает raggen за nginx. Установите его и запустите снова:\n\n"
    "    {command}\n",
    "no_systemd": "Один тест проверяет юниты systemd. Установите его и запустите снова:\n\n"
    "    {command}\n",
    "no_curl": "Один тест выполняет примеры из документации с помощью curl. Установите его "
    "и запустите снова:\n\n    {command}\n",
    "no_promtool": "Тест проверяет правила оповещений программой promtool, а скачать её здесь "
    "нельзя.\nПоложите promtool из Prometheus в PATH и запустите ещё раз.",
    "no_chromium": "Тестам в браузере нужен Chromium. Установите его и запустите снова:\n\n"
    "    {command}\n",
    "local_model_skipped": "raggen продолжает без демонстрационной модели; "
    "`python3 bootstrap.py setup` попробует ещё раз.",
    "local_model_unsupported": "Для этой машины нет сборки демонстрационной модели; "
    "всё остальное работает.",
    # running
    "seconds": "{seconds} с",
    "ready": "raggen готов ({seconds} с)",
    "ready_open": "Откройте",
    "ready_answers": "Кто отвечает",
    "ready_data": "Ваши данные",
    "ready_logs": "Журналы",
    "ready_stop": "Остановить",
    "answers_all": "Цитаты из вашей памяти. В чате можно выбрать маленькую демонстрационную "
    "модель или подключить любой OpenAI-совместимый сервер.",
    "answers_no_model": "Цитаты из вашей памяти. В чате можно подключить любой "
    "OpenAI-совместимый сервер.",
    "stopping": "Останавливаемся… (ещё раз Ctrl-C – сразу)",
    "stopped": "Остановлено. Данные сохранены; следующий запуск займёт секунды.",
    "service_died": "{name}: процесс завершился при запуске ({code}). Последние строки выше, "
    "весь журнал: {log}",
    "service_slow": "{name}: не готов за {seconds} с. Последние строки выше, весь журнал: {log}",
    "service_keeps_dying": "{name}: процесс завершился {times} раз подряд, последний раз: {code}. "
    "Последние строки выше, весь журнал: {log}\n"
    "Возможно, причину назовёт `python3 bootstrap.py doctor`.",
    "service_restarts": "{name}: процесс завершился ({code}); запускаем снова через {seconds} с.",
    "service_back": "{name} снова работает.",
    "local_model_started": "Демонстрационная модель запущена.",
    "local_model_stopped": "Демонстрационная модель остановлена: к ней давно не обращались.",
    "local_model_failed": "Демонстрационная модель не запустилась; её журнал: {log}",
    # help
    "help": "raggen: чат с памятью на вашей машине.",
    "help_up": "Настроить всё, запустить raggen и показать адрес.",
    "help_setup": "Только настроить, ничего не запуская.",
    "help_doctor": "Сказать, что не так с этой установкой и что с этим делать.",
    "help_version": "Показать версию и выйти.",
    "help_port": "Порт веб-страницы; 0 – любой свободный. (по умолчанию: 3000)",
    "help_embed_port": "Порт raggen-embed; 0 – любой свободный. (по умолчанию: 8001)",
    "help_local_model_port": "Порт демонстрационной модели. (по умолчанию: 8002)",
    "help_data_dir": "Папка для чатов и всего запомненного. (по умолчанию: data)",
    "help_ready_file": "Когда всё готово, записать в этот файл адреса и номера процессов (JSON).",
    "help_dev": "И то, что нужно для проверок и тестов, с Chromium.",
    "help_reference": "И sentence-transformers с torch, для других моделей эмбеддингов.",
    "help_json": "Вывести JSON вместо таблицы.",
    "help_reconcile": "Сравнить, что хранят чаты и что хранит память.",
    "help_repair": "И исправить расхождения; правы чаты.",
    # reconcile
    "reconcile_here": "В чатах",
    "reconcile_there": "В памяти",
    "reconcile_pending": "На пути в память",
    "reconcile_refused": "Память не приняла",
    "reconcile_missing": "Нет в памяти",
    "reconcile_extra": "Только в памяти",
    "reconcile_version": "Другая версия",
    "reconcile_text": "Другой текст",
    "reconcile_same": "Расхождений нет: там и там одно и то же, записей: {count}.",
    "reconcile_differ": "Расхождений: {count}. `raggen reconcile --repair` их исправит.",
    "reconcile_repairing": "Исправляется расхождений: {count}; сравните ещё раз чуть позже.",
    "reconcile_no_memory": "raggen-embed не отвечает, поэтому ничего не сравнено. "
    "Причину может знать `raggen doctor`.",
    "reconcile_failed": "raggen-web ответил {status}; причина в его журнале.",
    "reconcile_no_answer": "raggen-web не отвечает на порту {port}. Запустите raggen или укажите "
    "его каталог данных или порт.",
    # doctor
    "doctor_title": "raggen doctor",
    "doctor_check": "Проверка",
    "doctor_found": "Что найдено",
    "doctor_all_well": "Всё в порядке.",
    "doctor_warnings": "Работает; можно улучшить: {count}.",
    "doctor_failures": "Нужно исправить: {count}.",
    "check_python": "Python",
    "check_memory": "Память",
    "check_disk": "Диск",
    "check_temporary": "Место для загрузок",
    "check_port": "Порт {port} ({name})",
    "check_node": "Node.js",
    "check_packages": "Пакеты Python",
    "check_npm": "Пакеты веб-страницы",
    "check_build": "Веб-страница",
    "check_encoder": "Веса: all-MiniLM-L6-v2",
    "check_multilingual": "Веса: multilingual-e5-small",
    "check_local_model": "Веса: SmolLM2-135M",
    "check_data": "Папка данных",
    "check_file_system": "Файловая система данных",
    "check_locks": "Блокировки",
    "local_model": "демонстрационная модель",
    "check_embed": "raggen-embed",
    "check_web": "raggen-web",
    "check_servers": "Локальные серверы моделей",
    "check_environment": "Переменные окружения",
    "found_free_megabytes": "свободно {free} МБ",
    "found_memory": "свободно {free} МБ из {total} МБ",
    "found_port_free": "свободен",
    "found_port_raggen": "сам raggen",
    "found_port_taken_by": "занят программой {name} (процесс {pid})",
    "found_port_taken": "занят другой программой",
    "found_missing": "нет: {names}",
    "found_damaged": "повреждены: {names}",
    "found_packages": "пакетов: {count}, все целы",
    "found_not_installed": "не установлено",
    "found_installed": "установлены",
    "found_stale": "старее своих исходников",
    "found_current": "собрана",
    "found_hash_ok": "опубликованный файл",
    "found_hash_differs": "не опубликованный файл",
    "found_optional": "не установлено (необязательно)",
    "found_unsupported": "нет сборки для этой машины",
    "found_writable": "{path}, запись разрешена",
    "found_not_writable": "{path}, запись запрещена",
    "found_file_system": "{kind}, подключена в {place}",
    "found_unlocked": "никем не заняты",
    "found_locked": "занято процессом {pid} ({url})",
    "found_not_running": "не запущен",
    "found_running": "работает, готов",
    "found_running_items": "работает, версия {version}, готов, записей: {items}",
    "found_running_not_ready": "работает, но не готов",
    "found_no_servers": "не найдены",
    "found_variables": "заданы: {names}",
    "found_no_variables": "не заданы",
    "do_free_disk": "Освободите место: здесь нужно {needed} МБ.",
    "do_memory": "raggen занимает около 1200 МБ. Закройте другие программы.",
    "do_port": "Остановите её или запустите raggen так: {option} {free}",
    "do_setup": "Запустите: python3 bootstrap.py setup",
    "do_repair": "Запустите: rm -r .venv/.raggen; python3 bootstrap.py setup",
    "do_weights": "Запустите: {command}",
    "do_writable": "Выберите другую папку (--data-dir) или разрешите себе запись в эту.",
    "do_file_system": "Перенесите данные на диск этой машины: здесь блокировкам нельзя верить.",
    "do_not_ready": "Подождите немного; если не пройдёт, посмотрите журнал {log}",
}
