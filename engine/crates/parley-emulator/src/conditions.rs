//! What a lane does to the datagrams on it, and how that is changed while it runs.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Loss in bursts (Gilbert-Elliott with a bad state that loses everything).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// Share of all datagrams lost in bursts, `0.0..=0.9`.
    pub loss: f64,
    /// Mean length of a burst in datagrams, at least 1.
    pub length: f64,
}

impl Burst {
    /// Probability, per datagram, to leave the bad state.
    pub(crate) fn leave(self) -> f64 {
        1.0 / self.length
    }

    /// Probability, per datagram, to enter the bad state, such that the share lost comes out as `loss`.
    pub(crate) fn enter(self) -> f64 {
        (self.loss * self.leave() / (1.0 - self.loss)).min(1.0)
    }
}

/// The state of one lane's medium. The default is a perfect line without limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Rate in kbit/s (1000 bits) of IP packets, that is UDP payload + 28 bytes each. 0: no limit.
    pub rate_kbit: u32,
    /// One-way delay.
    pub delay: Duration,
    /// Each datagram's delay is spread evenly over `delay ± jitter`; order is kept.
    pub jitter: Duration,
    /// Share of datagrams lost, each for itself, `0.0..=1.0`.
    pub loss: f64,
    /// Loss in bursts, on top of `loss`.
    pub burst: Option<Burst>,
    /// Share of datagrams held back 20 ms so that later ones overtake them, `0.0..=1.0`.
    pub reorder: f64,
    /// Share of datagrams delivered twice, `0.0..=1.0`.
    pub duplicate: f64,
    /// Largest IP packet (payload + 28 bytes) that passes; larger ones vanish silently. 0: no limit.
    pub mtu: usize,
    /// Longest wait before the line, with a limited rate; what would wait longer is dropped (drop-tail).
    pub queue: Duration,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            rate_kbit: 0,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: 0.0,
            burst: None,
            reorder: 0.0,
            duplicate: 0.0,
            mtu: 1500,
            queue: Duration::from_millis(200),
        }
    }
}

/// Which lanes a [`Change`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Both directions.
    #[default]
    Both,
    /// What side A sends.
    AToB,
    /// What side B sends.
    BToA,
}

/// A change of some conditions; what is `None` stays as it is. Its JSON form is the shell's setter.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// The lanes it is for.
    pub way: Way,
    /// kbit/s, 0: no limit.
    pub rate_kbit: Option<u32>,
    /// One-way delay in milliseconds.
    pub delay_ms: Option<f64>,
    /// Spread of the delay in milliseconds.
    pub jitter_ms: Option<f64>,
    /// Share lost, `0.0..=1.0`.
    pub loss: Option<f64>,
    /// Loss in bursts; a loss of 0 ends it.
    pub burst: Option<Burst>,
    /// Share held back, `0.0..=1.0`.
    pub reorder: Option<f64>,
    /// Share doubled, `0.0..=1.0`.
    pub duplicate: Option<f64>,
    /// Largest IP packet in bytes, 0: no limit.
    pub mtu: Option<usize>,
    /// Longest wait in the queue in milliseconds.
    pub queue_ms: Option<f64>,
}

/// A value outside its range; the text is a sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError(pub(crate) String);

impl fmt::Display for ConditionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ConditionError {}

impl Conditions {
    /// These conditions with a change applied; the way of the change is not looked at.
    ///
    /// # Errors
    /// When a share is outside `0..=1`, a time outside `0..=60 s`, a burst shorter than one datagram, or an MTU below 68.
    pub fn with(mut self, change: &Change) -> Result<Self, ConditionError> {
        if let Some(rate) = change.rate_kbit {
            self.rate_kbit = rate;
        }
        if let Some(delay) = change.delay_ms {
            self.delay = time("delay", delay)?;
        }
        if let Some(jitter) = change.jitter_ms {
            self.jitter = time("jitter", jitter)?;
        }
        if let Some(queue) = change.queue_ms {
            self.queue = time("queue", queue)?;
        }
        if let Some(loss) = change.loss {
            self.loss = share("loss", loss)?;
        }
        if let Some(reorder) = change.reorder {
            self.reorder = share("reorder", reorder)?;
        }
        if let Some(duplicate) = change.duplicate {
            self.duplicate = share("duplicate", duplicate)?;
        }
        if let Some(mtu) = change.mtu {
            if mtu != 0 && !(68..=65_535).contains(&mtu) {
                return Err(ConditionError(format!(
                    "The MTU must be 68 to 65535 bytes, or 0 for no limit; it is {mtu}."
                )));
            }
            self.mtu = mtu;
        }
        if let Some(burst) = change.burst {
            self.burst = checked(burst)?;
        }
        Ok(self)
    }
}

fn checked(burst: Burst) -> Result<Option<Burst>, ConditionError> {
    if share("burst loss", burst.loss)? > 0.9 {
        return Err(ConditionError(format!(
            "The loss in bursts can be at most 0.9; it is {}.",
            burst.loss
        )));
    }
    if !(1.0..=10_000.0).contains(&burst.length) {
        return Err(ConditionError(format!(
            "The mean length of a burst must be 1 to 10000 datagrams; it is {}.",
            burst.length
        )));
    }
    Ok((burst.loss > 0.0).then_some(burst))
}

fn time(name: &str, milliseconds: f64) -> Result<Duration, ConditionError> {
    if !(0.0..=60_000.0).contains(&milliseconds) {
        return Err(ConditionError(format!(
            "The {name} must be 0 to 60000 ms; it is {milliseconds}."
        )));
    }
    Ok(Duration::from_secs_f64(milliseconds / 1000.0))
}

fn share(name: &str, value: f64) -> Result<f64, ConditionError> {
    if !(0.0..=1.0).contains(&value) {
        return Err(ConditionError(format!(
            "The {name} must be a share from 0 to 1; it is {value}."
        )));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let before = Conditions {
            rate_kbit: 100,
            loss: 0.5,
            ..Conditions::default()
        };
        let after = before
            .with(&Change {
                loss: Some(0.1),
                ..Change::default()
            })
            .unwrap();
        assert_eq!((after.rate_kbit, after.loss), (100, 0.1));
    }

    #[test]
    fn values_outside_their_range_are_refused_with_a_sentence() {
        let bad = [
            Change {
                loss: Some(1.5),
                ..Change::default()
            },
            Change {
                loss: Some(f64::NAN),
                ..Change::default()
            },
            Change {
                delay_ms: Some(-1.0),
                ..Change::default()
            },
            Change {
                mtu: Some(10),
                ..Change::default()
            },
            Change {
                burst: Some(Burst {
                    loss: 0.1,
                    length: 0.0,
                }),
                ..Change::default()
            },
        ];
        for change in bad {
            let error = Conditions::default().with(&change).unwrap_err();
            assert!(error.to_string().ends_with('.'), "{error}");
        }
    }

    #[test]
    fn the_json_form_names_what_it_does_not_know() {
        let error = serde_json::from_str::<Change>(r#"{"speed": 3}"#).unwrap_err();
        assert!(error.to_string().contains("speed"));
        let change: Change = serde_json::from_str(
            r#"{"way":"a_to_b","rate_kbit":256,"burst":{"loss":0.05,"length":4}}"#,
        )
        .unwrap();
        assert_eq!((change.way, change.rate_kbit), (Way::AToB, Some(256)));
    }
}
