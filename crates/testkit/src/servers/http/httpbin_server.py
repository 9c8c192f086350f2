"""Serves httpbin until it is killed: ADDRESS PORT [CHAIN KEY]."""

import sys

from httpbin import app
from werkzeug.serving import WSGIRequestHandler, make_server

address, port, *identity = sys.argv[1:]
WSGIRequestHandler.protocol_version = "HTTP/1.1"
make_server(address, int(port), app, threaded=True, ssl_context=tuple(identity) or None).serve_forever()
