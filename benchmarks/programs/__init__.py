"""Programs that run in processes of their own, some of them in a peer's virtual environment.

An encoding program is started with a file of texts, loads its model, encodes one text and says
"ready". Then each line of its stdin names a list of that file, which it encodes; it answers with
the seconds that took. "vectors" is answered with the vectors of the list "checked".
"""
