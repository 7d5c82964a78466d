//! The line in one word, as a person types it: `2mbit,50ms,1%`, `256kbit,50ms,1%,jitter=5ms,mtu=1280`.

use std::fmt;

use crate::conditions::{Burst, Change, ConditionError, Conditions};

const HELP: &str = "Write for example 2mbit,50ms,1% (rate, one-way delay, loss), and if wanted jitter=5ms, burst=2%x4, reorder=1%, \
                    duplicate=1%, mtu=1280, queue=200ms; an unlimited rate is 'free'.";

/// A line specification that cannot be read; the text says which item, and how to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError(String);

impl fmt::Display for SpecError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {HELP}", self.0)
    }
}

impl std::error::Error for SpecError {}

impl From<ConditionError> for SpecError {
    fn from(error: ConditionError) -> Self {
        Self(error.0)
    }
}

/// Reads a line specification: items between commas, in any order, each at most once. Rate, delay and loss are known by
/// their units (`kbit mbit gbit`, `us ms s`, `%`); the others are written `name=value`. An empty one is a perfect line.
///
/// # Errors
/// When an item is unknown, repeated or outside its range.
pub fn parse(spec: &str) -> Result<Conditions, SpecError> {
    let mut change = Change::default();
    let mut seen: Vec<&str> = Vec::new();
    for item in spec
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
    {
        let (name, value) = named(item)?;
        if seen.contains(&name) {
            return Err(SpecError(format!(
                "The line says its {name} twice ('{item}')."
            )));
        }
        seen.push(name);
        match name {
            "rate" => change.rate_kbit = Some(rate(value)?),
            "delay" => change.delay_ms = Some(milliseconds(value)?),
            "loss" => change.loss = Some(percent(value)?),
            "jitter" => change.jitter_ms = Some(milliseconds(value)?),
            "burst" => change.burst = Some(burst(value)?),
            "reorder" => change.reorder = Some(percent(value)?),
            "duplicate" => change.duplicate = Some(percent(value)?),
            "queue" => change.queue_ms = Some(milliseconds(value)?),
            _ => {
                change.mtu = Some(
                    value
                        .parse()
                        .map_err(|_| SpecError(format!("'{value}' is not a number of bytes.")))?,
                )
            }
        }
    }
    Ok(Conditions::default().with(&change)?)
}

const NAMES: [&str; 9] = [
    "rate",
    "delay",
    "loss",
    "jitter",
    "burst",
    "reorder",
    "duplicate",
    "mtu",
    "queue",
];

fn named(item: &str) -> Result<(&'static str, &str), SpecError> {
    if let Some((name, value)) = item.split_once('=') {
        let known = NAMES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name.trim()));
        return match known {
            Some(known) => Ok((known, value.trim())),
            None => Err(SpecError(format!("A line has no '{name}'."))),
        };
    }
    let lower = item.to_ascii_lowercase();
    if lower.ends_with("bit") || lower == "free" {
        Ok(("rate", item))
    } else if lower.ends_with('%') {
        Ok(("loss", item))
    } else if lower.ends_with('s') {
        Ok(("delay", item))
    } else {
        Err(SpecError(format!(
            "'{item}' is not a part of a line: its unit is missing or unknown."
        )))
    }
}

/// Splits `value` in number and unit, takes the factor of the unit.
fn scaled(value: &str, what: &str, units: &[(&str, f64)]) -> Result<f64, SpecError> {
    let lower = value.to_ascii_lowercase();
    let split = lower
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(lower.len());
    let (digits, unit) = lower.split_at(split);
    let factor = units
        .iter()
        .find(|(name, _)| *name == unit.trim())
        .map(|(_, factor)| *factor);
    match (digits.parse::<f64>(), factor) {
        (Ok(number), Some(factor)) => Ok(number * factor),
        _ => Err(SpecError(format!("'{value}' is not {what}."))),
    }
}

fn rate(value: &str) -> Result<u32, SpecError> {
    if value.eq_ignore_ascii_case("free") {
        return Ok(0);
    }
    let units = [
        ("bit", 0.001),
        ("kbit", 1.0),
        ("mbit", 1_000.0),
        ("gbit", 1_000_000.0),
    ];
    let kbit = scaled(value, "a rate like 256kbit or 2mbit", &units)?.round();
    if (1.0..=100_000_000.0).contains(&kbit) {
        Ok(kbit as u32)
    } else {
        Err(SpecError(format!(
            "The rate '{value}' is not between 1kbit and 100gbit."
        )))
    }
}

fn milliseconds(value: &str) -> Result<f64, SpecError> {
    scaled(
        value,
        "a time like 50ms",
        &[("us", 0.001), ("ms", 1.0), ("s", 1_000.0)],
    )
}

fn percent(value: &str) -> Result<f64, SpecError> {
    scaled(value, "a share like 1%", &[("%", 0.01)])
}

fn burst(value: &str) -> Result<Burst, SpecError> {
    let (loss, length) = value.split_once(['x', 'X']).unwrap_or((value, "4"));
    let length = length.trim().parse().map_err(|_| {
        SpecError(format!(
            "'{value}' is not a burst like 2%x4 (loss x mean length)."
        ))
    })?;
    Ok(Burst {
        loss: percent(loss.trim())?,
        length,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_demo_line() {
        let line = parse("2mbit,50ms,1%").unwrap();
        assert_eq!(
            (line.rate_kbit, line.delay, line.loss),
            (2_000, Duration::from_millis(50), 0.01)
        );
    }

    #[test]
    fn order_case_spaces_and_names_do_not_matter() {
        let plain = parse("256kbit,50ms,1%,jitter=5ms,burst=2%x3,mtu=1280,queue=0.3s").unwrap();
        let other = parse(
            " QUEUE=300ms, loss=1% ,rate=0.256Mbit, burst=2%X3, jitter=5000us,MTU=1280 ,0.05s",
        )
        .unwrap();
        assert_eq!(plain, other);
    }

    #[test]
    fn nothing_is_a_perfect_line_and_free_has_no_rate() {
        assert_eq!(parse("").unwrap(), Conditions::default());
        assert_eq!(parse("free,10ms").unwrap().rate_kbit, 0);
    }

    #[test]
    fn errors_name_the_item_and_show_an_example() {
        for (spec, part) in [
            ("2mbit,50", "'50' is not a part of a line"),
            ("2mbit,3mbit", "says its rate twice"),
            ("speed=3mbit", "has no 'speed'"),
            ("xmbit", "'xmbit' is not a rate"),
            ("2mbit,150%", "The loss must be a share"),
            ("0kbit", "not between 1kbit"),
            ("mtu=few", "'few' is not a number of bytes"),
            ("burst=2%xx", "not a burst like 2%x4"),
        ] {
            let error = parse(spec).unwrap_err().to_string();
            assert!(
                error.contains(part) && error.contains("2mbit,50ms,1%"),
                "{spec}: {error}"
            );
        }
    }
}
