"""What release 1.0 must do, the command that shows it, and what it showed last.

`make acceptance` runs the commands of requirements.toml, keeps their figures in last.json and
writes docs/{en,ru}/acceptance.md from both.
"""
