"""The part of Odoo's XML-RPC that tickets use, on Python's own XML-RPC server.

Usage: odoo_server.py VERSION [--no-write]     VERSION: 7 (services of 6.1 and 7.0) or 8 and later
With --no-write the user may create records and not change them.
Prints its port; then a GET gives all calls, records and messages as JSON.
"""
import json
import sys
from xmlrpc.client import Fault, dumps
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

VERSION = int(sys.argv[1])
USER, PASSWORD, DATABASE = "robot", "odoo's password & more", "company"
UID = 7

calls = []
rows = {
    "project.project": {1: {"name": "Internal"}, 4: {"name": "Upgrades"}},
    "project.task.type": {
        10: {"name": "New", "project_ids": [1]},
        11: {"name": "  NEW ", "project_ids": [4]},
        12: {"name": "In Progress", "project_ids": [4]},
        13: {"name": "Done", "project_ids": [4]},
    },
    "project.task": {},
    "project.issue": {},
}
posts = []


def matches(record_id, row, domain):
    for field, operator, value in domain:
        actual = record_id if field == "id" else row.get(field)
        if operator == "=" and actual != value:
            return False
        if operator == "=like" and not str(actual).startswith(value[:-1]):
            return False
        if operator == "in" and not set(actual) & set(value):
            return False
    return True


def execute_kw(database, uid, password, model, method, args, named=None):
    calls.append([model, method, args, named or {}])
    if (database, uid, password) != (DATABASE, UID, PASSWORD):
        raise Fault(3, "Access Denied")
    named = named or {}
    table = rows[model]
    if method == "search":
        return [i for i, row in table.items() if matches(i, row, args[0])]
    if method == "read":
        found = []
        for i in args[0]:
            row = {"id": i}
            for field in args[1]:
                value = table[i].get(field, False)
                if field in ("project_id", "stage_id") and value:
                    value = [value, "its name"]
                row[field] = value
            found.append(row)
        return found
    if method == "create":
        new = 4000 + len(table) + 1
        table[new] = dict(args[0])
        return new
    if method == "write":
        if "--no-write" in sys.argv:
            raise Fault(4, "You are not allowed to modify this document.")
        for i in args[0]:
            table[i].update(args[1])
        return True
    if method == "message_post":
        if VERSION < 7:
            raise Fault("AttributeError", "no message_post")
        if VERSION < 8:
            ticket, body = args
        else:
            (ticket,), body = args[0], named["body"]
        posts.append([ticket, body])
        return len(posts)
    raise Fault(1, "Traceback: the method does not exist")


def login(database, user, password, _context=None):
    calls.append(["common", "login", [database, user], {}])
    if database != DATABASE:
        raise Fault(1, f'Traceback (most recent call last):\n  ...\nOperationalError: FATAL:  database "{database}" does not exist\n\n')
    return UID if (database, user, password) == (DATABASE, USER, PASSWORD) else False


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/xmlrpc/common", "/xmlrpc/object", "/xmlrpc/2/common", "/xmlrpc/2/object")

    def do_GET(self):
        content = json.dumps({"calls": calls, "rows": rows, "posts": posts}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Server(SimpleXMLRPCServer):
    def _marshaled_dispatch(self, data, dispatch_method=None, path=None):
        service = path.removeprefix("/xmlrpc/")
        if VERSION < 8 and service.startswith("2/"):
            # Versions before 8.0 look for a service of this name.
            return dumps(Fault(service, f"Traceback (most recent call last):\n  ...\nKeyError: '{service}'\n")).encode()
        return super()._marshaled_dispatch(data, dispatch_method, path)


server = Server(("127.0.0.1", 0), Handler, allow_none=False, logRequests=False)
if VERSION >= 8:
    server.register_function(login, "authenticate")
    server.register_function(execute_kw)
    server.register_function(
        lambda: {"server_version": f"{VERSION}.0", "server_version_info": [VERSION, 0, 0, "final", 0, ""]},
        "version")
server.register_function(login)
server.register_function(
    lambda database, uid, password, model, method, *args: execute_kw(
        database, uid, password, model, method, list(args)),
    "execute")
server.register_function(lambda: {
    "text": "é ü < & ]]> 日本 \U0001f600", "int": -2147483648, "true": True, "false": False, "double": 1.5,
    "list": [1, "two", [3]], "empty": "", "struct": {"a": {"b": []}},
}, "samples")
server.register_function(lambda value: value, "echo")
print(server.server_address[1], flush=True)
server.serve_forever()
