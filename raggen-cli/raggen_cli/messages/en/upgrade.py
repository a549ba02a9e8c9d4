"""Upgrade and rollback."""

TEXTS = {
    "help_upgrade": "Go to a newer version: back up, fetch, set up, migrate, try it.",
    "help_tag": "The version, as v1.2.0. (default: the newest)",
    "help_rollback": "Go back to the version before the upgrade, with the data as it is now.",
    "help_start_once": "Start both services until they work, then stop them.",
    "upgrade_no_clone": "{path} is no git clone, so raggen cannot change its version. Clone the "
    "repository, or replace the files yourself after `raggen backup`.",
    "upgrade_dirty": "Files of this installation were changed (above). Put them back "
    "(git stash) or commit them, then repeat this. {path}",
    "upgrade_in_the_way": "{target} brings files where yours are (above). Move yours elsewhere, "
    "then repeat this. {path}",
    "upgrade_no_remote": "The remote repository does not answer; only versions that are here "
    "already can be chosen.",
    "upgrade_no_tags": "There is no version to go to: no tag begins with v.",
    "upgrade_unknown_tag": "There is no version {tag}. `git tag --list` shows which there are.",
    "upgrade_already": "This is {target} already.",
    "upgrade_not_newer": "{target} is not newer than {former}: it does not know what the data has "
    "been through. `raggen rollback` goes back to the version before the last upgrade.",
    "upgrade_running": "Another upgrade or rollback of this data is running (process {pid}).",
    "upgrade_begins": "From {former} to {target}. Cut it off whenever you must: it goes on when "
    "you run it again.",
    "upgrade_goes_on": "From {former} to {target} was cut off at: {step}. Going on.",
    "upgrade_step_backup": "backup",
    "upgrade_step_checkout": "files of the version",
    "upgrade_step_setup": "set-up",
    "upgrade_step_start": "migration and trial start",
    "upgrade_step_data": "data of the former version",
    "upgrade_step_done": "end",
    "upgrade_backup": "Backup: {path}",
    "upgrade_command_failed": "{command} failed (exit {code}); the reason is above.",
    "upgrade_checkout_failed": "git cannot bring the files to {target}; its words are above.",
    "upgrade_git_failed": "git failed; its words are above.",
    "upgrade_undoes": "Going back from {target} to {former}.",
    "upgrade_undone": "The upgrade failed, and everything is as it was, version {former}. The "
    "reason is above.",
    "upgrade_done": "This is {target} now. Start it: python3 bootstrap.py up\n"
    "`raggen rollback` goes back to {former} and keeps what is said until then.",
    "upgrade_unfinished": "An upgrade from {former} to {target} was cut off. `raggen upgrade` goes "
    "on with it, `raggen rollback` goes back to {former}.",
    "upgrade_journal_damaged": "What an upgrade wrote down cannot be read: {path}",
    "rollback_nothing": "There is no upgrade to go back from.",
    "rollback_elsewhere": "The last upgrade led to {target}, but this is {here}. Check {target} "
    "out first.",
    "rollback_no_way": "There is no way back to {former} for the data of now: the migration {name} "
    "has no down.sql. The backup from before the upgrade ({backup}) can be restored with {former}; "
    "what was said since would be lost.",
    "rollback_data_failed": "The data cannot be brought back; the reason is above. "
    "It is as it was.",
    "rollback_begins": "From {target} back to {former}, with the data as it is now.",
    "rollback_done": "This is {former} again. Start it: python3 bootstrap.py up",
    "rollback_unfinished": "A rollback from {target} to {former} was cut off. `raggen rollback` "
    "finishes it.",
}
