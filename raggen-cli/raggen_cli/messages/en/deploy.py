"""`raggen deploy check`."""

TEXTS = {
    "help_deploy": "For raggen on a server.",
    "help_deploy_check": "Say whether this environment is fit for production, and what to do.",
    "help_env_file": "File of variables, as units of systemd and containers have it; again for "
    "more. Without any: what `raggen up` would use.",
    "deploy_title": "raggen deploy check",
    "bad_env_file": "{path} cannot be read: {reason}\n"
    "Give the file with --env-file, as a user who may read it.",
    "check_lines": "Files of variables",
    "found_no_assignment": "{path}, line {number}: neither NAME=value nor a comment",
    "do_lines": "Write NAME=value, one a line, or put # in front.",
    "check_settings_embed": "Settings of raggen-embed",
    "check_settings_web": "Settings of raggen-web",
    "found_settings_taken": "accepted by the service itself",
    "do_settings": "docs/en/reference/configuration.md lists every setting with its values.",
    # keys
    "check_embed_key": "Key between the services",
    "found_key_fits": "raggen-web sends one that raggen-embed takes",
    "found_no_key": "none: every user of this machine can read the memory",
    "found_no_key_exposed": "none, and other machines can reach raggen-embed",
    "found_key_not_taken": "raggen-web sends one, and raggen-embed asks for none",
    "found_key_not_known": "raggen-web sends none that raggen-embed takes: it would answer without "
    "memory",
    "found_placeholder": "still the one of the example",
    "found_weak_key": "could be guessed",
    "do_make_key": "Make one with `openssl rand -hex 32`; write it into RAGGEN_EMBED_API_KEYS "
    "(raggen-embed) and RAGGEN_EMBED_API_KEY (raggen-web), and restart both.",
    "do_same_key": "Write the same key into RAGGEN_EMBED_API_KEYS (raggen-embed) and "
    "RAGGEN_EMBED_API_KEY (raggen-web), and restart both.",
    "check_env_file": "Keys in {path}",
    "check_secret": "Key of the stored keys",
    "found_private": "{path}, for its owner alone",
    "found_readable": "{path} can be read or entered by others (mode {mode})",
    "found_secret_new": "not there yet; raggen-web makes {path}",
    "do_chmod": "chmod 600 {path}",
    "do_chmod_folder": "chmod 700 {path}",
    # addresses
    "check_embed_address": "Address of raggen-embed",
    "check_web_address": "Address of raggen-web",
    "found_loopback": "{host}: this machine alone",
    "found_open_without_key": "{host}: other machines can reach it, and no key is asked for",
    "found_open_with_key": "{host}: other machines can reach it, with a key, without encryption",
    "do_embed_loopback": "Set RAGGEN_EMBED_HOST=127.0.0.1: only raggen-web has to reach it. Where "
    "that runs on another machine, connect the two by a private network and keep the key.",
    "found_web_open": "{host}: other machines reach the page past nginx, without a password and "
    "without encryption",
    "found_web_everywhere": "HOSTNAME is not set: it would listen on every address, without a "
    "password and without encryption",
    "do_web_loopback": "Set HOSTNAME=127.0.0.1, and put nginx in front (deploy/nginx). raggen has "
    "no accounts: whoever reaches the page reads everything.",
    "check_names": "Names of the page",
    "found_no_names": "127.0.0.1 and localhost alone: behind a name the page answers 403",
    "found_wrong_names": "{names}: a name without scheme, port and * is wanted",
    "found_example_name": "still the one of the example",
    "do_names": "Write what stands in the browser's address bar: "
    "RAGGEN_WEB_ALLOWED_HOSTS=chat.company.org",
    "check_origins": "Pages that may read the memory (CORS)",
    "found_any_origin": "*: every page that somebody opens could read the whole memory",
    "found_plain_origins": "without encryption: {origins}",
    "found_usual_origins": "none but this machine's own",
    "do_origins": "Leave RAGGEN_EMBED_CORS_ORIGINS out: raggen-web's server asks, not its page. "
    "Else name each origin, with https.",
    "check_proxies": "Proxies that are believed",
    "found_no_proxies": "none; the page has no public name",
    "found_unknown_proxy": "none: all visitors would share one person's limits",
    "found_any_proxy": "everybody: whoever writes X-Forwarded-For escapes the limits",
    "do_proxies": "Write the address from which nginx speaks to raggen-web: "
    "RAGGEN_WEB_TRUSTED_PROXIES=127.0.0.1",
    # storage and clock
    "check_space": "Free space for data",
    "check_private": "Who can read the data",
    "found_data_private": "its owner alone",
    "check_write": "Write that lasts",
    "found_write": "{middle} ms, the longest {longest} ms",
    "found_write_failed": "failed: {reason}",
    "do_write": "Each message waits for such a write. Put the data on a local SSD, not on a "
    "network disk.",
    "check_clock": "Clock",
    "found_clock_set": "{now}, set by the network",
    "found_clock_free": "{now}, not set by the network: tokens and certificates will fail once it "
    "is wrong",
    "found_clock_untold": "{now}; whether the network sets it, this machine does not tell",
    "found_clock_behind": "{now}, but {path} was written {minutes} minutes after that: the clock "
    "is behind",
    "do_clock": "Let it be set: timedatectl set-ntp true (Debian: apt-get install "
    "systemd-timesyncd).",
    # providers
    "check_providers": "Model providers",
    "check_provider": "{name}",
    "found_no_providers": "none; quotations from memory and the models of this machine need none",
    "found_trial": "raggen-web does not run: asked for those of the environment. Start it and "
    "check again for those that were connected in the page",
    "found_trial_failed": "not asked: raggen-web does not start with these settings",
    "found_provider": "answers and takes the key: {models} models, {ms} ms",
    "found_provider_failed": "{code} ({where})",
    # from outside
    "help_url": "Also look at the page from outside: https://chat.company.org",
    "check_outside": "{url}",
    "found_no_https": "not an address with https",
    "do_https": "Give the address as people type it, such as https://chat.company.org",
    "found_bad_certificate": "the certificate is not trusted: {reason}",
    "do_certificate": "Renew it, or have it renewed: certbot renew, then systemctl reload nginx.",
    "found_no_answer": "no answer: {reason}",
    "do_outside": "Look at nginx: systemctl status nginx, nginx -t, and its error log.",
    "check_password": "Who is let in",
    "found_password": "nobody without a password (status {status})",
    "found_no_password": "everybody: the page opens without a password",
    "do_password": "raggen has no accounts. Switch auth_basic on (deploy/nginx), or put a "
    "sign-on of your own in front.",
    "found_status": "an answer with status {status}",
    "check_certificate": "Certificate",
    "found_days": "holds for {days} more days",
    "check_hsts": "HTTPS for ever (HSTS)",
    "found_hsts": "browsers are told",
    "found_no_hsts": "browsers are not told",
    "do_nginx": "Take nginx's configuration from deploy/nginx.",
    "check_plain": "The way from http",
    "found_own_port": "not looked at: port {port} is one of your own",
    "found_plain_closed": "nobody answers on port 80",
    "found_redirect": "leads to {location}",
}
