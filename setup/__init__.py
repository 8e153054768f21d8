"""Set-up: from a bare machine to a running house, and back.

Rules: standard library only, because it runs before the virtual environment exists; every step says in one line what
it did and how long it took; a step whose inputs have not changed does nothing; whatever cannot go on ends in one
sentence that says what to do, in English and Japanese.
"""
