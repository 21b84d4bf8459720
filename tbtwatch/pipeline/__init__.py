"""The flow, an arrow a module: ingest, poll, alert, deliver, digest, recover, publish."""
