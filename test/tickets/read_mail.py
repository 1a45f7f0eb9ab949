"""Reads a mail from standard input and prints what a mail program would show, as JSON."""
import email
import email.policy
import json
import sys

mail = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(json.dumps({
    "headers": [[name.lower(), str(value)] for name, value in mail.items()],
    "text": mail.get_body(("plain",)).get_content(),
    "html": mail.get_body(("html",)).get_content(),
}))
