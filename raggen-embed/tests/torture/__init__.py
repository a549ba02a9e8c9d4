"""What a stranger's machine does to a memory: kills, failing disks, broken files, long days."""
