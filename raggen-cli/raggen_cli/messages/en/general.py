"""English."""

TEXTS = {
    # settings
    "bad_port": "{name} is {value!r}, which is not a port.\n"
    "Write a whole number from 1 to 65535, or 0 for any free port, as in: {name}=3000",
    "same_port": "{first} and {second} are both {port}. Give each service a port of its own.",
    "bad_data_dir": "{name} is {value!r}, which is not a folder.\n"
    "Write the path of a folder; it is made where it does not exist.",
    # checks before anything is started
    "already_running": "raggen is already running with this data: {url} (process {pid}).\n"
    "Open that address, or stop it first (kill {pid}). "
    "For a second one, give it data and ports of its own: --data-dir … --port …\n"
    "Data: {data_dir}",
    "already_starting": "Another raggen is being set up or started with this data directory.\n"
    "Wait until it prints its address, or stop it first. Data: {data_dir}",
    "data_dir_not_writable": "The data directory cannot be used: {path}\n"
    "{reason}\nChoose another one with --data-dir, or make this one writable for you.",
    "port_taken_by": "Port {port} is taken by {name} (process {pid}).\n"
    "Stop that program, or choose another port: {option} {free}",
    "port_taken": "Port {port} is taken by another program.\n"
    "Stop that program, or choose another port: {option} {free}",
    "port_forbidden": "The system does not let you use port {port}.\n"
    "Choose one above 1023, as in: {option} 3000",
    "disk_too_small": "There is too little disk space at {path}: {needed} MB are needed to set "
    "everything up, {free} MB are free.\n"
    "Free some space, or clone raggen to a larger disk, and run this again.",
    "temporary_too_small": "There is too little space for downloads at {path}: {needed} MB are "
    "needed, {free} MB are free.\n"
    "Free some space, or name another folder, as in: TMPDIR=/var/tmp",
    # set-up
    "setup_waits": "Another set-up of this folder is running; waiting for it to finish.",
    "setup_interrupted": "Stopped. Run it again: it goes on where it stopped.",
    "step_runtime": "Python packages",
    "step_reference": "sentence-transformers, for other embedding models",
    "step_torch": "PyTorch",
    "step_models": "Models that read your messages (all-MiniLM-L6-v2, multilingual-e5-small)",
    "step_check_encoder": "Checking the weights of all-MiniLM-L6-v2",
    "step_check_multilingual": "Checking the weights of multilingual-e5-small",
    "step_npm": "Packages of the web page",
    "step_generate": "Generated code",
    "step_build": "Building the web page",
    "step_local_model": "Small demonstration model (SmolLM2-135M)",
    "step_check_local_model": "Checking the demonstration model's weights",
    "step_dev": "Linters and test tools",
    "step_docs": "What builds the documentation site",
    "step_curl": "curl, with which the documentation's examples are executed",
    "step_chromium": "Chromium for the browser tests",
    "step_libfiu": "libfiu, which lets writes fail in tests",
    "step_postgresql": "PostgreSQL, on which tests run again",
    "step_nginx": "nginx, behind which a test talks to raggen",
    "step_systemd": "systemd, which checks its units in a test",
    "step_promtool": "promtool, which checks alert rules in a test",
    "step_start": "Starting",
    "step_failed": "A step of the set-up failed; its last lines are above, all of it is in {log}\n"
    "Run it again once the cause is gone: what is done is not done again.",
    "disk_full": "The disk is full. Free some space and run it again. (Log: {log})",
    "hashes_differ": "A package is not the one that raggen was made with: its hash differs.\n"
    "Somebody may have changed it on the way. Nothing of it was installed. "
    "Try again later or from another network; if it stays, report it. (Log: {log})",
    "no_network": "A package could not be fetched: the network, or the place where packages come "
    "from, does not answer.\n"
    "Check the connection (and a proxy, where you need one) and run it again. (Log: {log})",
    "weights_differ": "These weights are not the published ones: {file}\n"
    "Expected sha256 {expected}\nInstall them again, then run this again:\n\n    {command}\n",
    "no_libfiu": "The tests of a failing disk need libfiu. Install it, then run this again:\n\n"
    "    {command}\n",
    "no_postgresql": "Tests run on PostgreSQL, too. Install it, then run this again:\n\n"
    "    {command}\n",
    "no_nginx": "A test starts raggen behind nginx. Install it, then run this again:\n\n"
    "    {command}\n",
    "no_systemd": "A test checks units of systemd. Install it, then run this again:\n\n"
    "    {command}\n",
    "no_curl": "A test executes the documentation's examples with curl. Install it, then run this "
    "again:\n\n    {command}\n",
    "no_promtool": "A test checks alert rules with promtool, which cannot be fetched here.\n"
    "Put promtool of Prometheus into your PATH, then run this again.",
    "no_chromium": "The browser tests need Chromium. Install it, then run this again:\n\n"
    "    {command}\n",
    "local_model_skipped": "raggen goes on without the demonstration model; "
    "`python3 bootstrap.py setup` tries again.",
    "local_model_unsupported": "The demonstration model has no build for this machine; "
    "everything else works.",
    # running
    "seconds": "{seconds} s",
    "ready": "raggen is ready ({seconds} s)",
    "ready_open": "Open",
    "ready_answers": "Who answers",
    "ready_data": "Your data",
    "ready_logs": "Logs",
    "ready_stop": "To stop",
    "answers_all": "Quotations from your memory. In the chat you can choose a small demonstration "
    "model, or connect any OpenAI-compatible server.",
    "answers_no_model": "Quotations from your memory. In the chat you can connect any "
    "OpenAI-compatible server.",
    "stopping": "Stopping … (Ctrl-C again to stop at once)",
    "stopped": "Stopped. Your data is safe; the next start takes seconds.",
    "service_died": "{name} has ended while starting ({code}). Its last lines are above, all of "
    "its log is in {log}",
    "service_slow": "{name} was not ready after {seconds} s. Its last lines are above, all of its "
    "log is in {log}",
    "service_keeps_dying": "{name} has ended {times} times in a row, the last time with {code}. "
    "Its last lines are above, all of its log is in {log}\n"
    "`python3 bootstrap.py doctor` may know why.",
    "service_restarts": "{name} has ended ({code}); starting it again in {seconds} s.",
    "service_back": "{name} works again.",
    "local_model_started": "The demonstration model was started.",
    "local_model_stopped": "The demonstration model was stopped: nobody has asked it for a while.",
    "local_model_failed": "The demonstration model did not start; its log is {log}",
    # help
    "help": "raggen: a chat that remembers, on your own machine.",
    "help_up": "Set everything up, start raggen, and print the address to open.",
    "help_setup": "Do the set-up alone, without starting anything.",
    "help_doctor": "Say what is wrong with this installation, if anything, and what to do.",
    "help_version": "Print the version and exit.",
    "help_port": "Port of the web page; 0 for any free one. (default: 3000)",
    "help_embed_port": "Port of raggen-embed; 0 for any free one. (default: 8001)",
    "help_local_model_port": "Port of the demonstration model. (default: 8002)",
    "help_data_dir": "Folder for your chats and everything remembered. (default: data)",
    "help_ready_file": "Write addresses and process ids to this file (JSON) once ready.",
    "help_dev": "Also what tests and linters need, Chromium included.",
    "help_reference": "Also sentence-transformers and torch, for other embedding models.",
    "help_json": "Print JSON instead of a table.",
    "help_reconcile": "Compare what the chats hold with what the memory holds.",
    "help_repair": "Also put right what differs; the chats are the truth.",
    # reconcile
    "reconcile_here": "In the chats",
    "reconcile_there": "In the memory",
    "reconcile_pending": "On its way to the memory",
    "reconcile_refused": "Refused by the memory",
    "reconcile_missing": "Missing from the memory",
    "reconcile_extra": "Only in the memory",
    "reconcile_version": "Of another version",
    "reconcile_text": "With another text",
    "reconcile_same": "No differences: both hold the same {count} items.",
    "reconcile_differ": "{count} differences. `raggen reconcile --repair` puts them right.",
    "reconcile_repairing": "{count} differences are being put right; compare again in a moment.",
    "reconcile_no_memory": "raggen-embed does not answer, so nothing was compared. "
    "`raggen doctor` may know why.",
    "reconcile_failed": "raggen-web answered {status}; its log has the reason.",
    "reconcile_no_answer": "raggen-web does not answer on port {port}. Start raggen, or give its "
    "data directory or port.",
    # doctor
    "doctor_title": "raggen doctor",
    "doctor_check": "Check",
    "doctor_found": "Found",
    "doctor_all_well": "All is well.",
    "doctor_warnings": "It works; {count} things could be better.",
    "doctor_failures": "{count} things must be put right.",
    "check_python": "Python",
    "check_memory": "Memory",
    "check_disk": "Disk",
    "check_temporary": "Space for downloads",
    "check_port": "Port {port} ({name})",
    "check_node": "Node.js",
    "check_packages": "Python packages",
    "check_npm": "Packages of the web page",
    "check_build": "Web page",
    "check_encoder": "Weights: all-MiniLM-L6-v2",
    "check_multilingual": "Weights: multilingual-e5-small",
    "check_local_model": "Weights: SmolLM2-135M",
    "check_data": "Data directory",
    "check_file_system": "File system of the data",
    "check_locks": "Locks",
    "local_model": "demonstration model",
    "check_embed": "raggen-embed",
    "check_web": "raggen-web",
    "check_servers": "Local model servers",
    "check_environment": "Environment variables",
    "found_free_megabytes": "{free} MB free",
    "found_memory": "{free} MB free of {total} MB",
    "found_port_free": "free",
    "found_port_raggen": "raggen itself",
    "found_port_taken_by": "taken by {name} (process {pid})",
    "found_port_taken": "taken by another program",
    "found_missing": "missing: {names}",
    "found_damaged": "damaged: {names}",
    "found_packages": "{count} packages, whole",
    "found_not_installed": "not installed",
    "found_installed": "installed",
    "found_stale": "older than its sources",
    "found_current": "built",
    "found_hash_ok": "the published file",
    "found_hash_differs": "not the published file",
    "found_optional": "not installed (optional)",
    "found_unsupported": "no build for this machine",
    "found_writable": "{path}, writable",
    "found_not_writable": "{path}, not writable",
    "found_file_system": "{kind}, mounted at {place}",
    "found_unlocked": "nobody holds any",
    "found_locked": "held by process {pid} ({url})",
    "found_not_running": "not running",
    "found_running": "running, ready",
    "found_running_items": "running, version {version}, ready, {items} items",
    "found_running_not_ready": "running, but not ready",
    "found_no_servers": "none found",
    "found_variables": "set: {names}",
    "found_no_variables": "none set",
    "do_free_disk": "Free some space: {needed} MB are needed here.",
    "do_memory": "raggen takes some 1,200 MB. Close other programs.",
    "do_port": "Stop it, or start raggen with {option} {free}",
    "do_setup": "Run: python3 bootstrap.py setup",
    "do_repair": "Run: rm -r .venv/.raggen; python3 bootstrap.py setup",
    "do_weights": "Run: {command}",
    "do_writable": "Choose another folder with --data-dir, or make this one writable for you.",
    "do_file_system": "Move the data to a disk of this machine: locks cannot be trusted here.",
    "do_not_ready": "Wait a moment; if it stays so, look into {log}",
}
