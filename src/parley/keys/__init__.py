"""The keys of a side, as files that only its operator may read.

node key    Ed25519; signs the side's card                      `keys/node.key`
line key    Ed25519; proves the node on the line (RFC 7250)     `keys/line.key`
authority   a small own CA (ECDSA P-256) for the browsers       `tls/`
private.py writes and reads them, card.py signs and checks cards, authority.py issues the certificate.
"""
