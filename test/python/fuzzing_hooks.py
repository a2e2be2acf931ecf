"""Teaches Schemathesis the media type of files of JSON lines, which it sends as text."""

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
