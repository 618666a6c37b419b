#!/usr/bin/python3
"""What people write today: pysnmp walks one column. snmp_pysnmp.py ADDRESS PORT COLUMN names|numbers prints the
microseconds of CPU of the walk and its varbinds. Names are looked up in its MIBs, as it does unless told not to, or are
not. GETBULK asks for 40 rows at once."""
import resource
import sys

from pysnmp.hlapi import CommunityData, ContextData, ObjectIdentity, ObjectType, SnmpEngine, UdpTransportTarget, bulkCmd
from pysnmp.proto.rfc1905 import EndOfMibView

address, port, column, options = sys.argv[1], int(sys.argv[2]), sys.argv[3], {"lexicographicMode": False}
if sys.argv[4] == "numbers":
    options["lookupMib"] = False
engine = SnmpEngine()


def walk():
    got = 0
    for error, status, _, row in bulkCmd(engine, CommunityData("public"), UdpTransportTarget((address, port)), ContextData(),
                                         0, 40, ObjectType(ObjectIdentity(column)), **options):
        if error or status:
            sys.exit(f"pysnmp: {error or status}")
        got += sum(value.tagSet != EndOfMibView.tagSet for _, value in row)
    return got


next(bulkCmd(engine, CommunityData("public"), UdpTransportTarget((address, port)), ContextData(), 0, 1,
             ObjectType(ObjectIdentity(column)), **options))  # sets it up
before = resource.getrusage(resource.RUSAGE_SELF)
varbinds = walk()
after = resource.getrusage(resource.RUSAGE_SELF)
print(int((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e6), varbinds)
