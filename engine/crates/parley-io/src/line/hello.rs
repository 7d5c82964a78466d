//! The first words on each of the two connections: which program, which run of it, which attempt.
//!
//! 24 bytes on the bidirectional stream, the dialler first: `PARLEY` · version 1 · holds · boot (8) · attempt (8).
//! `boot` is chosen at each start of a node, `attempt` by the dialler; both connections of an attempt carry the same. `holds` is 1 when
//! the sender has a live session at this moment: a dialler without one tells the acceptor that whatever it still holds is dead.

/// Length of a hello on the wire.
pub(super) const HELLO_BYTES: usize = 24;
const MAGIC: &[u8; 6] = b"PARLEY";
const VERSION: u8 = 1;

/// What one side says first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hello {
    pub(super) boot: u64,
    pub(super) attempt: u64,
    pub(super) holds: bool,
}

impl Hello {
    pub(super) fn write(self) -> [u8; HELLO_BYTES] {
        let mut bytes = [0; HELLO_BYTES];
        bytes[..6].copy_from_slice(MAGIC);
        bytes[6] = VERSION;
        bytes[7] = u8::from(self.holds);
        bytes[8..16].copy_from_slice(&self.boot.to_be_bytes());
        bytes[16..].copy_from_slice(&self.attempt.to_be_bytes());
        bytes
    }

    /// Strict: another magic, version or flag is no hello, and the reason is a sentence for the operator.
    pub(super) fn read(bytes: &[u8; HELLO_BYTES]) -> Result<Self, String> {
        if &bytes[..6] != MAGIC {
            return Err("the other node opens the line with words of another program".into());
        }
        if bytes[6] != VERSION {
            return Err(format!(
                "the other node speaks version {} of the line, this one version {VERSION}",
                bytes[6]
            ));
        }
        if bytes[7] > 1 {
            return Err("the other node's hello has an unknown flag".into());
        }
        let number = |from: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[from..from + 8]);
            u64::from_be_bytes(eight)
        };
        Ok(Self {
            boot: number(8),
            attempt: number(16),
            holds: bytes[7] == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let hello = Hello {
            boot: 0x0102_0304_0506_0708,
            attempt: u64::MAX,
            holds: true,
        };
        assert_eq!(Hello::read(&hello.write()), Ok(hello));
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = Hello {
            boot: 1,
            attempt: 2,
            holds: false,
        }
        .write();
        bytes[6] = 9;
        assert!(Hello::read(&bytes).unwrap_err().contains("version 9"));
        bytes[0] = b'X';
        assert!(Hello::read(&bytes).unwrap_err().contains("another program"));
    }
}
