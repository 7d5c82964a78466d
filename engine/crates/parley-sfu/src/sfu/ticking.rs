//! What is looked at ten times a second: silence, layers that came or went, keyframes not yet sent, peers that never came.

use crate::output::Event;
use crate::sfu::Sfu;
use crate::words::{Layers, Room, Side};

impl Sfu {
    pub(super) fn tick(&mut self) {
        let now = self.now;
        for (_, source) in self.sources.iter_mut() {
            source.voice.tick(now);
        }
        self.select_voices();
        self.tell_speaking(Room::Caucus);
        self.tell_speaking(Room::Meeting);
        for key in self.sources.keys() {
            self.look_at_source(key);
        }
        for key in self.peers.keys() {
            self.look_at_peer(key);
        }
        self.tell_line();
    }

    fn look_at_source(&mut self, key: usize) {
        self.tell_published(key);
        if self
            .sources
            .get(key)
            .is_none_or(|source| !source.id.kind.is_picture())
        {
            return;
        }
        self.leave_dead_layers(key);
        for layer in 0..Layers::COUNT as u8 {
            let Some(source) = self.sources.get_mut(key) else {
                return;
            };
            let running = source.running(self.now).has(layer);
            let gate = &mut source.layers[usize::from(layer)].keyframes;
            if !running {
                // Nobody is there to answer; who comes begins with a keyframe.
                gate.satisfied();
            } else if gate.is_wanted() && gate.due(self.now) {
                self.send_keyframe_request(key, layer);
            }
        }
    }

    /// Viewers of a layer that has stopped are led to one that runs.
    fn leave_dead_layers(&mut self, key: usize) {
        let Some(source) = self.sources.get(key) else {
            return;
        };
        let live = source.live(self.now);
        let slot = |at: &crate::media::source::SinkRef| {
            self.peers.get(at.peer)?.slots.get(at.slot)?.awaited
        };
        if !live.is_empty()
            && source
                .sinks
                .iter()
                .filter_map(slot)
                .any(|awaited| !live.has(awaited))
        {
            self.retarget(key);
        }
    }

    fn tell_published(&mut self, key: usize) {
        let Some(source) = self.sources.get_mut(key) else {
            return;
        };
        let layers = source.running(self.now);
        if source.id.side == Side::Own && layers != source.told {
            source.told = layers;
            let (seat, kind, active) = (source.id.seat, source.id.kind, !layers.is_empty());
            self.tell(Event::Published {
                seat,
                kind,
                layers,
                active,
            });
        }
    }

    fn look_at_peer(&mut self, key: usize) {
        let now = self.now;
        let patience = self.config.limits.connect_within;
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        peer.measure(now);
        if peer
            .lost_since
            .is_some_and(|since| now.saturating_duration_since(since) >= patience)
        {
            let reason = if peer.connected {
                "The browser was lost and did not come back."
            } else {
                "The browser never connected; a firewall may be in the way."
            };
            self.ended.push((key, reason.into()));
            return;
        }
        self.feed_estimator(key);
    }
}
