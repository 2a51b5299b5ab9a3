"""The quality of the built site, measured: what `make quality` prints and docs/quality.md keeps."""
