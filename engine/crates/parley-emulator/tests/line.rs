//! The line as its users see it: rate, delay, losses, order, cuts; and what must hold for any conditions and any seed.

use std::time::{Duration, Instant};

use parley_emulator::{Burst, Change, Conditions, Emulator, IP_UDP_BYTES, Side, Way};
use proptest::prelude::*;

/// A step of a story: after `gap` microseconds side `from` sends `size` bytes.
type Step = (u32, bool, u16);

fn side(first: bool) -> Side {
    if first { Side::A } else { Side::B }
}

fn drain(line: &mut Emulator, until: Instant, out: &mut Vec<(Side, Vec<u8>, Instant)>) {
    loop {
        let Some(at) = line.poll_timeout().filter(|at| *at <= until) else {
            return;
        };
        while let Some((to, payload)) = line.poll(at) {
            out.push((to, payload, at));
        }
    }
}

/// Plays a story from `start` to its end and until nothing is under way; each payload begins with its number.
fn play(line: &mut Emulator, steps: &[Step], start: Instant) -> Vec<(Side, Vec<u8>, Instant)> {
    let mut now = start;
    let mut out = Vec::new();
    for (number, &(gap, from_a, size)) in steps.iter().enumerate() {
        now += Duration::from_micros(u64::from(gap));
        drain(line, now, &mut out);
        let mut payload = vec![0; usize::from(size).max(4)];
        payload[..4].copy_from_slice(&(number as u32).to_be_bytes());
        line.handle(side(from_a), payload, now);
    }
    drain(line, now + Duration::from_secs(3600), &mut out);
    out
}

fn number(payload: &[u8]) -> u32 {
    u32::from_be_bytes([payload[0], payload[1], payload[2], payload[3]])
}

fn flood(count: usize, gap: u32, size: u16) -> Vec<Step> {
    vec![(gap, true, size); count]
}

#[test]
fn a_perfect_line_delivers_at_once_to_the_other_side() {
    let mut line = Emulator::new(Conditions::default(), 1);
    let now = Instant::now();
    line.handle(Side::A, vec![1, 2, 3], now);
    assert_eq!(line.poll(now), Some((Side::B, vec![1, 2, 3])));
    line.handle(Side::B, vec![4], now);
    assert_eq!(line.poll(now), Some((Side::A, vec![4])));
    assert_eq!((line.poll(now), line.poll_timeout()), (None, None));
}

#[test]
fn delay_is_the_time_on_the_line_plus_the_way() {
    let conditions = Conditions {
        rate_kbit: 80,
        delay: Duration::from_millis(50),
        ..Conditions::default()
    };
    let mut line = Emulator::new(conditions, 1);
    let start = Instant::now();
    let out = play(&mut line, &[(0, true, 72), (0, true, 72)], start);
    let after: Vec<_> = out
        .iter()
        .map(|(_, _, at)| at.duration_since(start).as_millis())
        .collect();
    assert_eq!(
        after,
        [60, 70],
        "100 bytes at 10 bytes a millisecond, then 50 ms"
    );
}

#[test]
fn a_full_queue_drops_and_the_rate_is_kept_exactly() {
    let conditions = Conditions {
        rate_kbit: 1_000,
        queue: Duration::from_millis(100),
        ..Conditions::default()
    };
    let mut line = Emulator::new(conditions, 1);
    let start = Instant::now();
    let out = play(&mut line, &flood(4_000, 1_000, 972), start);
    let within = out
        .iter()
        .filter(|(_, _, at)| at.duration_since(start) <= Duration::from_secs(4))
        .count();
    assert!(
        (499..=501).contains(&within),
        "{within} packets of 1000 bytes in 4 s at 125 a second"
    );
    let counters = line.counters(Side::A);
    assert!(counters.dropped.queue.datagrams > 3_000);
    assert_eq!(
        counters.windows.busiest_second(),
        1_000_000,
        "what was offered, not what passed"
    );
}

#[test]
fn a_new_rate_holds_for_what_waits_already() {
    let mut line = Emulator::new(
        Conditions {
            rate_kbit: 8,
            queue: Duration::from_secs(60),
            ..Conditions::default()
        },
        1,
    );
    let start = Instant::now();
    for _ in 0..10 {
        line.handle(Side::A, vec![0; 972], start);
    }
    line.set(
        &Change {
            rate_kbit: Some(8_000),
            ..Change::default()
        },
        start,
    )
    .unwrap();
    let mut out = Vec::new();
    drain(&mut line, start + Duration::from_millis(10), &mut out);
    assert_eq!(out.len(), 10);
}

#[test]
fn loss_comes_out_as_asked_alone_and_in_bursts() {
    let steps = flood(50_000, 100, 100);
    let mut single = Emulator::new(
        Conditions {
            loss: 0.05,
            ..Conditions::default()
        },
        3,
    );
    let lost = 50_000 - play(&mut single, &steps, Instant::now()).len();
    assert!((2_200..=2_800).contains(&lost), "{lost}");

    let burst = Some(Burst {
        loss: 0.05,
        length: 4.0,
    });
    let mut bursts = Emulator::new(
        Conditions {
            burst,
            ..Conditions::default()
        },
        3,
    );
    let out = play(&mut bursts, &steps, Instant::now());
    let lost = 50_000 - out.len();
    assert!((2_000..=3_000).contains(&lost), "{lost}");
    let gaps = out
        .windows(2)
        .filter(|pair| number(&pair[1].1) != number(&pair[0].1) + 1)
        .count();
    let mean = lost as f64 / gaps as f64;
    assert!((3.3..=4.7).contains(&mean), "mean length of a burst {mean}");
}

#[test]
fn too_large_vanishes_and_is_counted() {
    let mut line = Emulator::new(
        Conditions {
            mtu: 1_280,
            ..Conditions::default()
        },
        1,
    );
    let now = Instant::now();
    line.handle(Side::A, vec![0; 1_280 - IP_UDP_BYTES], now);
    line.handle(Side::A, vec![0; 1_281 - IP_UDP_BYTES], now);
    assert!(line.poll(now).is_some());
    assert!(line.poll(now).is_none());
    assert_eq!(line.counters(Side::A).dropped.mtu.datagrams, 1);
}

#[test]
fn a_cut_loses_what_is_under_way_and_restore_opens_again() {
    let mut line = Emulator::new(
        Conditions {
            delay: Duration::from_millis(50),
            ..Conditions::default()
        },
        1,
    );
    let now = Instant::now();
    let later = now + Duration::from_secs(1);
    line.handle(Side::A, vec![1], now);
    line.cut(now);
    line.handle(Side::B, vec![2], now);
    assert_eq!((line.poll(later), line.poll_timeout()), (None, None));
    assert_eq!(line.counters(Side::A).dropped.cut.datagrams, 1);
    assert_eq!(line.counters(Side::B).dropped.cut.datagrams, 1);
    line.restore(later);
    line.handle(Side::A, vec![3], later);
    assert_eq!(
        line.poll(later + Duration::from_millis(50)),
        Some((Side::B, vec![3]))
    );
}

#[test]
fn one_way_passes_only_what_that_side_sends() {
    let mut line = Emulator::new(Conditions::default(), 1);
    let now = Instant::now();
    line.one_way(Side::B, now);
    line.handle(Side::A, vec![1], now);
    line.handle(Side::B, vec![2], now);
    assert_eq!(line.poll(now), Some((Side::A, vec![2])));
    assert_eq!(line.poll(now), None);
    assert!(line.is_cut(Side::A) && !line.is_cut(Side::B));
}

#[test]
fn the_two_ways_can_differ() {
    let mut line = Emulator::new(Conditions::default(), 1);
    let now = Instant::now();
    line.set(
        &Change {
            way: Way::BToA,
            loss: Some(1.0),
            ..Change::default()
        },
        now,
    )
    .unwrap();
    line.handle(Side::A, vec![1], now);
    line.handle(Side::B, vec![2], now);
    assert_eq!(line.poll(now), Some((Side::B, vec![1])));
    assert_eq!(line.poll(now), None);
    assert_eq!(
        (line.conditions(Side::A).loss, line.conditions(Side::B).loss),
        (0.0, 1.0)
    );
}

fn conditions() -> impl Strategy<Value = Conditions> {
    let share = || prop_oneof![Just(0.0), 0.0..=1.0f64];
    let time = |most: u64| (0..=most).prop_map(Duration::from_millis);
    let burst = proptest::option::of(
        (0.01..0.9f64, 1.0..20.0f64).prop_map(|(loss, length)| Burst { loss, length }),
    );
    (
        prop_oneof![Just(0), 8..10_000u32],
        (time(300), time(100), time(500)),
        (share(), burst, share(), share()),
        prop_oneof![Just(0), 68..1_600usize],
    )
        .prop_map(
            |(rate_kbit, (delay, jitter, queue), (loss, burst, reorder, duplicate), mtu)| {
                Conditions {
                    rate_kbit,
                    delay,
                    jitter,
                    loss,
                    burst,
                    reorder,
                    duplicate,
                    mtu,
                    queue,
                }
            },
        )
}

fn story() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0..20_000u32, any::<bool>(), 0..1_500u16), 0..200)
}

proptest! {
    #[test]
    fn same_seed_same_story(conditions in conditions(), steps in story(), seed in any::<u64>()) {
        let start = Instant::now();
        let first = play(&mut Emulator::new(conditions, seed), &steps, start);
        let second = play(&mut Emulator::new(conditions, seed), &steps, start);
        prop_assert_eq!(first, second);
    }

    #[test]
    fn every_datagram_is_delivered_lost_or_under_way(
        conditions in conditions(), steps in story(), seed in any::<u64>(), cut_at in 0..200usize,
    ) {
        let mut line = Emulator::new(conditions, seed);
        let start = Instant::now();
        let mut now = start;
        for (at, &(gap, from_a, size)) in steps.iter().enumerate() {
            now += Duration::from_micros(u64::from(gap));
            if at == cut_at { line.cut(now) }
            if at == cut_at + 20 { line.restore(now) }
            line.handle(side(from_a), vec![0; usize::from(size)], now);
            if at % 3 == 0 { line.poll(now); }
            for from in [Side::A, Side::B] {
                let counters = line.counters(from);
                let before = counters.offered.datagrams + counters.duplicated.datagrams;
                let after = counters.delivered.datagrams + counters.lost().datagrams + line.under_way(from) as u64;
                prop_assert_eq!(before, after);
            }
        }
        let offered = line.counters(Side::A).offered.bytes;
        prop_assert_eq!(offered, line.counters(Side::A).windows.bytes.iter().sum::<u64>());
    }

    #[test]
    fn order_is_kept_unless_asked_otherwise(conditions in conditions(), steps in story(), seed in any::<u64>()) {
        let conditions = Conditions { reorder: 0.0, duplicate: 0.0, ..conditions };
        let out = play(&mut Emulator::new(conditions, seed), &steps, Instant::now());
        for to in [Side::A, Side::B] {
            let numbers: Vec<_> = out.iter().filter(|(side, ..)| *side == to).map(|(_, payload, _)| number(payload)).collect();
            prop_assert!(numbers.is_sorted_by(|first, second| first < second));
        }
    }

    #[test]
    fn the_rate_is_never_exceeded_after_the_queue(steps in story(), rate_kbit in 8..5_000u32, seed in any::<u64>()) {
        let conditions = Conditions { rate_kbit, queue: Duration::from_secs(60), ..Conditions::default() };
        let out = play(&mut Emulator::new(conditions, seed), &steps, Instant::now());
        for to in [Side::A, Side::B] {
            let arrivals: Vec<_> = out.iter().filter(|(side, ..)| *side == to).collect();
            for pair in arrivals.windows(2) {
                let bits = (pair[1].1.len() + IP_UDP_BYTES) as u64 * 8;
                let least = Duration::from_nanos(bits * 1_000_000 / u64::from(rate_kbit));
                prop_assert!(pair[1].2.duration_since(pair[0].2) >= least);
            }
        }
    }
}
