#!/usr/bin/python3
"""parse_textfsm.py TEMPLATE FILE: seconds to read the file with TextFSM, after a check of the rows."""
import sys
import time

import textfsm

with open(sys.argv[2], encoding="ascii") as f:
    text = f.read()
with open(sys.argv[1], encoding="ascii") as f:
    template = textfsm.TextFSM(f)
began = time.process_time()
rows = template.ParseText(text)
took = time.process_time() - began
if not rows or any(not value for row in rows[:100] for value in row if value is None):
    sys.exit("TextFSM reads nothing")
print("rows %d\ntextfsm %.6f" % (len(rows), took))
