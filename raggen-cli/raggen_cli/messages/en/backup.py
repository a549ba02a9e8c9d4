"""Backup and restore."""

TEXTS = {
    "help_backup": "Copy everything into one file, also while raggen runs.",
    "help_backup_to": "The folder, or the .tar.gz file, to write. (default: backups in the data)",
    "help_backup_keep": "Keep the N newest backups in that folder and remove older ones.",
    "help_without_keys": "Leave out the key file: stored API keys cannot be read after a restore.",
    "help_backup_verify": "Check a backup: hashes, databases, and whether this version can use it.",
    "help_backup_file": "The backup.",
    "help_restore": "Put a backup in the place of the data, which is kept aside.",
    "bad_database_url": "RAGGEN_WEB_DATABASE_URL is neither file: and an absolute path nor "
    "postgresql://….",
    "bad_keep": "--keep {value}: write how many backups stay, at least 1.",
    "backup_made": "Backup: {path} ({megabytes} MB; chats: {chats}, messages: {messages}, "
    "items in memory: {items}).",
    "backup_without_keys": "The key file is not in it: after a restore, API keys of providers have "
    "to be entered again.",
    "backup_removed": "Removed an older one: {path}",
    "backup_whole": "Whole: made {created} by raggen {maker}; chats: {chats}, messages: "
    "{messages}, items in memory: {items}. This version can restore it.",
    "backup_nothing": "There is nothing to copy: {path} does not exist. Is --data-dir right?",
    "backup_running": "Another backup of this data is being made (process {pid}).",
    "backup_exists": "{path} exists already. Name another file, or a folder.",
    "backup_no_space": "Not enough space in {path}: up to {needed} MB are needed, {free} MB are "
    "free. Nothing was written.",
    "backup_disk_full": "The disk is full: {path}\nNothing is left of the backup. Free some space "
    "or write it elsewhere (--to).",
    "backup_not_written": "The backup cannot be written: {path} ({reason}).",
    "backup_not_read": "The data cannot be copied: {reason}",
    "backup_missing": "There is no such file: {path}",
    "backup_not_one": "This file is not a whole backup of raggen. Nothing was unpacked.",
    "backup_damaged": "The backup is damaged: {file} is not what was written. Use another one.",
    "backup_newer": "This backup was made by a newer raggen: {maker}. Use that version or a newer "
    "one (raggen upgrade).",
    "database_damaged": "The database is damaged: {path}\nRestore the last whole backup.",
    "service_running": "{name} runs on this data. Stop it first, then repeat this.",
    "no_postgresql_program": "The chats are in PostgreSQL, and {program} is not installed. "
    "Install PostgreSQL's programs (Debian: apt-get install postgresql-client) and repeat this.",
    "postgresql_failed": "{program} failed; its last lines are above. The database is as it was.",
    "restored": "Restored: what raggen {maker} held on {created}; chats: {chats}, messages: "
    "{messages}, items in memory: {items}.",
    "restored_before": "The former data is in {path}; remove it when you do not need it any more.",
    "restored_without_keys": "There was no key file in it: API keys of providers that were stored "
    "with another key file have to be entered again.",
    "restored_next": "Start raggen now: it brings the memory to what the chats hold by itself. "
    "Services that you start another way: run `raggen reconcile --repair`.",
    "restore_other_database": "The backup is of another kind of database than "
    "RAGGEN_WEB_DATABASE_URL names (SQLite or PostgreSQL). Set it as it was and repeat this.",
    "restore_disk_full": "The disk is full: {path}\nThe data is as it was. Free some space and "
    "repeat this.",
    "restore_failed": "The restore of {path} failed: {reason}\nThe data is as it was.",
    "restore_unfinished": "A restore was cut off. `raggen up` or another `raggen restore` finishes "
    "it; make a backup after that.",
    "restore_finished": "A restore had been cut off; it is finished now.",
    "restore_journal_damaged": "A restore was cut off, and what it wrote down cannot be read: "
    "{path}\nLook for files ending in .restored and for before-restore-… in the data, and ask us.",
    "restore_reconciled": "After the restore, the memory holds what the chats hold "
    "(put right: {count}).",
}
