"""Policy of the media: who may be heard and seen where, told to the engine as commands; no packet ever comes here."""
