"""`raggen deploy check`."""

TEXTS = {
    "help_deploy": "Для raggen на сервере.",
    "help_deploy_check": "Сказать, готово ли это окружение к работе, и что сделать.",
    "help_env_file": "Файл с переменными, как у юнитов systemd и контейнеров; можно несколько раз. "
    "Без него проверяется то, что использовал бы `raggen up`.",
    "deploy_title": "raggen: проверка сервера",
    "bad_env_file": "Не удалось прочитать {path}: {reason}\n"
    "Укажите файл в --env-file и запустите от пользователя, которому его можно читать.",
    "check_lines": "Файлы с переменными",
    "found_no_assignment": "{path}, строка {number}: не ИМЯ=значение и не комментарий",
    "do_lines": "Пишите ИМЯ=значение, по одному в строке, или поставьте в начале #.",
    "check_settings_embed": "Настройки raggen-embed",
    "check_settings_web": "Настройки raggen-web",
    "found_settings_taken": "служба их приняла",
    "do_settings": "Все настройки и их значения: docs/ru/reference/configuration.md",
    # keys
    "check_embed_key": "Ключ между службами",
    "found_key_fits": "raggen-web присылает ключ, который raggen-embed принимает",
    "found_no_key": "нет: память может прочитать любой пользователь этой машины",
    "found_no_key_exposed": "нет, а raggen-embed доступен с других машин",
    "found_key_not_taken": "raggen-web присылает ключ, а raggen-embed его не спрашивает",
    "found_key_not_known": "raggen-web не присылает ключа, который raggen-embed примет: ответы "
    "будут без памяти",
    "found_placeholder": "остался из примера",
    "found_weak_key": "его можно подобрать",
    "do_make_key": "Создайте ключ: `openssl rand -hex 32`. Запишите его в RAGGEN_EMBED_API_KEYS "
    "(raggen-embed) и RAGGEN_EMBED_API_KEY (raggen-web) и перезапустите обе службы.",
    "do_same_key": "Запишите один и тот же ключ в RAGGEN_EMBED_API_KEYS (raggen-embed) и "
    "RAGGEN_EMBED_API_KEY (raggen-web) и перезапустите обе службы.",
    "check_env_file": "Ключи в {path}",
    "check_secret": "Ключ к сохранённым ключам",
    "found_private": "{path}: доступен только владельцу",
    "found_readable": "{path}: доступен и другим (права {mode})",
    "found_secret_new": "ещё нет; raggen-web создаст {path}",
    "do_chmod": "Выполните: chmod 600 {path}",
    "do_chmod_folder": "Выполните: chmod 700 {path}",
    # addresses
    "check_embed_address": "Адрес raggen-embed",
    "check_web_address": "Адрес raggen-web",
    "found_loopback": "{host}: только эта машина",
    "found_open_without_key": "{host}: доступен с других машин, и ключ не спрашивается",
    "found_open_with_key": "{host}: доступен с других машин, с ключом, но без шифрования",
    "do_embed_loopback": "Поставьте RAGGEN_EMBED_HOST=127.0.0.1: обращается к нему только "
    "raggen-web. Если тот на другой машине, соедините их закрытой сетью и оставьте ключ.",
    "found_web_open": "{host}: страница доступна с других машин в обход nginx, без пароля и "
    "шифрования",
    "found_web_everywhere": "HOSTNAME не задан: сервер откроется на всех адресах, без пароля и "
    "шифрования",
    "do_web_loopback": "Поставьте HOSTNAME=127.0.0.1, а снаружи nginx (deploy/nginx). Учётных "
    "записей в raggen нет: кто открыл страницу, видит всё.",
    "check_names": "Имена страницы",
    "found_no_names": "только 127.0.0.1 и localhost: по другому имени страница ответит 403",
    "found_wrong_names": "{names}: нужно имя без схемы, порта и *",
    "found_example_name": "осталось из примера",
    "do_names": "Запишите имя, которое видно в адресной строке: "
    "RAGGEN_WEB_ALLOWED_HOSTS=chat.company.org",
    "check_origins": "Страницы, которым открыта память (CORS)",
    "found_any_origin": "*: любая открытая кем-то страница прочитает всю память",
    "found_plain_origins": "без шифрования: {origins}",
    "found_usual_origins": "только страницы этой машины",
    "do_origins": "Уберите RAGGEN_EMBED_CORS_ORIGINS: память спрашивает сервер raggen-web, а не "
    "страница. Если всё же нужно, перечислите сайты с https.",
    "check_proxies": "Прокси, которым верят",
    "found_no_proxies": "нет; внешнего имени у страницы тоже нет",
    "found_unknown_proxy": "нет: лимиты одного человека достанутся всем посетителям сразу",
    "found_any_proxy": "все: кто подделает X-Forwarded-For, обойдёт лимиты",
    "do_proxies": "Запишите адрес, с которого nginx обращается к raggen-web: "
    "RAGGEN_WEB_TRUSTED_PROXIES=127.0.0.1",
    # storage and clock
    "check_space": "Место для данных",
    "check_private": "Кто может прочитать данные",
    "found_data_private": "только владелец",
    "check_write": "Надёжная запись на диск",
    "found_write": "{middle} мс, самая долгая {longest} мс",
    "found_write_failed": "не удалась: {reason}",
    "do_write": "Такой записи ждёт каждое сообщение. Держите данные на своём SSD, а не на сетевом "
    "диске.",
    "check_clock": "Часы",
    "found_clock_set": "{now}, идут по сети",
    "found_clock_free": "{now}, по сети не сверяются: если собьются, перестанут работать токены и "
    "сертификаты",
    "found_clock_untold": "{now}; сверяются ли они по сети, эта машина не сообщает",
    "found_clock_behind": "{now}, но {path} записан на {minutes} мин позже: часы отстают",
    "do_clock": "Включите сверку: timedatectl set-ntp true (Debian: apt-get install "
    "systemd-timesyncd).",
    # providers
    "check_providers": "Поставщики моделей",
    "check_provider": "{name}",
    "found_no_providers": "нет; цитатам из памяти и моделям на этой машине они не нужны",
    "found_trial": "raggen-web не запущен: опрошены те, что заданы в окружении. Чтобы проверить и "
    "подключённых на странице, запустите его и повторите",
    "found_trial_failed": "не опрошены: с этими настройками raggen-web не запускается",
    "found_provider": "отвечает и принимает ключ: моделей {models}, {ms} мс",
    "found_provider_failed": "{code} ({where})",
    # from outside
    "help_url": "Посмотреть на страницу и снаружи: https://chat.company.org",
    "check_outside": "{url}",
    "found_no_https": "это не адрес с https",
    "do_https": "Укажите адрес, который набирают люди, например https://chat.company.org",
    "found_bad_certificate": "сертификату нельзя верить: {reason}",
    "do_certificate": "Продлите его: certbot renew, затем systemctl reload nginx.",
    "found_no_answer": "нет ответа: {reason}",
    "do_outside": "Посмотрите, что с nginx: systemctl status nginx, nginx -t и его журнал ошибок.",
    "check_password": "Кого пускают",
    "found_password": "без пароля никого (код {status})",
    "found_no_password": "всех: страница открывается без пароля",
    "do_password": "Учётных записей в raggen нет. Включите auth_basic (deploy/nginx) или поставьте "
    "впереди свою систему входа.",
    "found_status": "ответ с кодом {status}",
    "check_certificate": "Сертификат",
    "found_days": "действует ещё {days} дн.",
    "check_hsts": "Всегда HTTPS (HSTS)",
    "found_hsts": "браузеры об этом знают",
    "found_no_hsts": "браузеры об этом не знают",
    "do_nginx": "Возьмите настройки nginx из deploy/nginx.",
    "check_plain": "Переход с http",
    "found_own_port": "не проверяется: порт {port} ваш собственный",
    "found_plain_closed": "на порту 80 никто не отвечает",
    "found_redirect": "ведёт на {location}",
}
