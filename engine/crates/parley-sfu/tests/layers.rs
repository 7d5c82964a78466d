//! A viewer changes layers and sources and never notices.

mod support;

use std::time::Duration;

use parley_sfu::{Kind, Room, StreamId};
use support::browser::{Browser, Got, Plan};
use support::media::{Picture, read_picture};
use support::{World, seat};

/// A publisher whose layers can be switched on and off, and viewers. Keyframes are sent only when asked for.
struct Studio {
    world: World,
    layers: [bool; 3],
    tag: u8,
}

impl Studio {
    fn new(viewers: u64) -> Self {
        let mut world = World::default();
        for n in 0..=viewers {
            let browser = Browser::new(seat(n), Plan::default(), world.now);
            world.join(browser, Room::Caucus);
        }
        world.connect();
        Studio {
            world,
            layers: [true; 3],
            tag: 1,
        }
    }

    fn camera(&self) -> StreamId {
        StreamId::own(seat(0), Kind::Video)
    }

    fn run(&mut self, millis: u64) {
        let (layers, tag) = (self.layers, self.tag);
        let mut answered = self.world.browsers[0].asked.len();
        let mut owed = [false; 3];
        self.world
            .run(Duration::from_millis(millis), |world, passed| {
                for (_, rid, _) in &world.browsers[0].asked[answered..] {
                    let layer = ["q", "h", "f"]
                        .iter()
                        .position(|name| rid.is_some_and(|rid| &*rid == *name));
                    owed[layer.expect("a named layer")] = true;
                }
                answered = world.browsers[0].asked.len();
                if passed.as_millis().is_multiple_of(35) {
                    for layer in (0..3).filter(|layer| layers[*layer]) {
                        world.browsers[0].show(
                            layer,
                            std::mem::take(&mut owed[layer]),
                            layer + 1,
                            tag,
                        );
                    }
                    world.carry_from(0);
                }
            });
    }

    fn pictures(&self, viewer: usize) -> Vec<(Got, Picture)> {
        let got = self.world.browsers[viewer].got_of(self.camera());
        got.into_iter()
            .map(|got| (got.clone(), read_picture(&got.payload)))
            .collect()
    }
}

/// One sender that never changes: numbers without a hole, time that never goes back, pictures one by one.
fn assert_seamless(pictures: &[(Got, Picture)]) {
    assert!(
        pictures[0].1.starts_keyframe,
        "the first packet begins a keyframe"
    );
    for pair in pictures.windows(2) {
        let ((a, pa), (b, pb)) = (&pair[0], &pair[1]);
        assert_eq!(a.ssrc, b.ssrc);
        assert_eq!(b.seq, a.seq + 1, "sequence numbers go on by one");
        let advance = b.timestamp.wrapping_sub(a.timestamp);
        let step = pb.id.wrapping_sub(pa.id) & 0x7fff;
        assert_eq!(
            step,
            u16::from(a.marker),
            "picture ids go on by one with each frame"
        );
        assert_eq!(pb.tl0.wrapping_sub(pa.tl0), u8::from(a.marker));
        assert!(
            if a.marker {
                (1..900_000).contains(&advance)
            } else {
                advance == 0
            },
            "time goes on: {advance}"
        );
    }
}

fn widths(pictures: &[(Got, Picture)]) -> Vec<u16> {
    let mut widths: Vec<u16> = pictures
        .iter()
        .filter(|(_, p)| p.starts_keyframe)
        .map(|(_, p)| p.width)
        .collect();
    widths.dedup();
    widths
}

#[test]
fn switching_layers_by_tile_width_is_seamless_and_begins_with_a_keyframe() {
    let mut studio = Studio::new(1);
    for width in [160, 1280, 600, 100, 1280] {
        studio.world.watch(seat(1), &[(studio.camera(), width)]);
        studio.run(1_000);
    }
    let pictures = studio.pictures(1);
    assert_seamless(&pictures);
    assert_eq!(widths(&pictures), [320, 1280, 640, 320, 1280]);
}

#[test]
fn absent_layers_are_replaced_and_come_back() {
    let mut studio = Studio::new(1);
    studio.world.watch(seat(1), &[(studio.camera(), 1280)]);
    studio.run(1_000);
    studio.layers = [true, true, false];
    studio.run(2_500);
    studio.layers = [true, false, false];
    studio.run(2_500);
    studio.layers = [true; 3];
    studio.run(1_500);
    let pictures = studio.pictures(1);
    assert_seamless(&pictures);
    assert_eq!(widths(&pictures), [1280, 640, 320, 1280]);
    let gap = pictures
        .windows(2)
        .map(|w| w[1].0.at - w[0].0.at)
        .max()
        .unwrap();
    assert!(
        gap < Duration::from_millis(1_200),
        "a dead layer is left after {gap:?}"
    );
}

#[test]
fn another_source_in_the_same_slot_is_seamless_too() {
    let mut studio = Studio::new(2);
    let (first, second) = (studio.camera(), StreamId::own(seat(1), Kind::Video));
    studio.world.watch(seat(2), &[(first, 320)]);
    studio.run(500);
    let mid = studio.world.browsers[2].mid_of(first).unwrap();
    studio.world.watch(seat(2), &[(second, 320)]);
    assert_eq!(studio.world.browsers[2].mid_of(second), Some(mid.clone()));
    studio
        .world
        .run(Duration::from_millis(700), |world, passed| {
            if passed.as_millis().is_multiple_of(35) {
                world.browsers[1].show(0, passed.as_millis() == 70, 1, 9);
                world.carry_from(1);
            }
        });
    let got: Vec<Got> = studio.world.browsers[2]
        .got
        .iter()
        .filter(|g| g.mid == mid)
        .cloned()
        .collect();
    let pictures: Vec<_> = got
        .into_iter()
        .map(|got| (got.clone(), read_picture(&got.payload)))
        .collect();
    assert_seamless(&pictures);
    let change = pictures
        .iter()
        .position(|(_, p)| p.tag == 9)
        .expect("the second source is seen");
    assert!(pictures[change].1.starts_keyframe);
    assert!(pictures[change..].iter().all(|(_, p)| p.tag == 9));
}

#[test]
fn twenty_viewers_ask_and_the_camera_is_asked_once() {
    let mut studio = Studio::new(5);
    for n in 1..=5 {
        studio.world.watch(seat(n), &[(studio.camera(), 1280)]);
    }
    studio.run(1_500);
    let before = studio.world.browsers[0].asked.len();
    for _ in 0..4 {
        for n in 1..=5 {
            let camera = studio.camera();
            studio.world.browsers[n].ask(camera);
            studio.world.carry_from(n);
        }
        studio.run(20);
    }
    assert_eq!(
        studio.world.browsers[0].asked.len() - before,
        1,
        "20 requests in 80 ms"
    );
}

#[test]
fn a_lost_packet_is_repaired_between_node_and_viewer() {
    let mut studio = Studio::new(1);
    studio.world.watch(seat(1), &[(studio.camera(), 1280)]);
    studio.run(500);
    let viewer = studio.world.browsers[1].address;
    let mut count = 0;
    studio.world.lose = Some(Box::new(move |transmit| {
        let media = transmit.destination == viewer && transmit.bytes.len() > 500;
        count += u32::from(media);
        media && count.is_multiple_of(20)
    }));
    studio.run(2_000);
    studio.world.lose = None;
    studio.run(1_000);
    let mut seqs: Vec<u64> = studio.pictures(1).iter().map(|(got, _)| got.seq).collect();
    seqs.sort_unstable();
    seqs.dedup();
    let holes = seqs.windows(2).filter(|w| w[1] != w[0] + 1).count();
    assert!(seqs.len() > 150);
    assert_eq!(holes, 0, "everything lost was sent again");
}

#[test]
fn a_keyframe_whose_beginning_comes_last_is_shown_as_a_whole() {
    let mut studio = Studio::new(1);
    studio.world.watch(seat(1), &[(studio.camera(), 1280)]);
    let world = &mut studio.world;
    world.browsers[0].show(2, false, 3, 1);
    world.carry_from(0);
    world.idle(30);
    world.browsers[0].show(2, true, 5, 2);
    let mut sent = world.browsers[0].take_sent();
    sent.rotate_left(1);
    let source = world.browsers[0].address;
    for (destination, bytes) in sent {
        world.datagram(source, destination, &bytes);
    }
    world.idle(30);
    let mut pictures = studio.pictures(1);
    pictures.sort_by_key(|(got, _)| got.seq);
    assert_eq!(pictures.len(), 5);
    assert!(pictures[0].1.starts_keyframe && pictures[4].0.marker);
    assert_seamless(&pictures);
}
