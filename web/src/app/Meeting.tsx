/** The meeting as one screen: the session with the node, two halves, the bar. */
import { useEffect, useRef, useState } from "react";
import type { LineView, SeatView, SidesView, Shown, SlotView, StateView } from "../api/gen";
import { Media } from "../features/stage/Media";
import { wantsOf } from "../features/stage/model";
import type { Language, Words } from "../i18n/words";
import { MainPeer } from "../media/peer";
import type { Source } from "../media/offer";
import { Signal } from "../signalling/socket";

const OFF: Record<Source, MediaStreamTrack | null> = { mic: null, camera: null, screen: null };

export function Meeting({ words, language }: { words: Words; language: Language }) {
  const [state, setState] = useState<StateView | null>(null);
  const [sides, setSides] = useState<SidesView | null>(null);
  const [slots, setSlots] = useState<SlotView[]>([]);
  const [speaking, setSpeaking] = useState<string[]>([]);
  const [gauge, setGauge] = useState<LineView | null>(null);
  const [up, setUp] = useState(false);
  const [fault, setFault] = useState("");
  const [tracks, setTracks] = useState(OFF);
  const held = useRef(OFF);
  const signal = useRef<Signal | null>(null);
  const peer = useRef<MainPeer | null>(null);

  const devices = () => signal.current?.say({ kind: "devices", mic: !!held.current.mic, camera: !!held.current.camera, sharing: !!held.current.screen });
  useEffect(() => {
    const say = (said: Parameters<Signal["say"]>[0]) => signal.current?.say(said);
    const begin = (audio: number) => {
      peer.current?.close();
      const next = new MainPeer(audio, say, () => begin(audio));
      peer.current = next;
      for (const name of ["mic", "camera", "screen"] as const) void next.send(name, held.current[name]);
      void next.offer();
    };
    const shown = (message: Shown) => {
      if (message.kind === "welcome") { setSides(message.side); begin(message.audio_slots); devices(); }
      else if (message.kind === "state") setState(message);
      else if (message.kind === "gauge") setGauge(message);
      else if (message.kind === "slots") setSlots(message.slots);
      else if (message.kind === "speaking") setSpeaking(message.speakers.map((one) => one.stream));
      else if (message.kind === "answer") void peer.current?.answer(message.request, message.sdp);
      else if (message.kind === "ended") setFault(words.ended);
    };
    signal.current = new Signal(shown, setUp);
    return () => { signal.current?.close(); peer.current?.close(); };
  }, []);
  const wants = state ? wantsOf(state) : [];
  const wanted = JSON.stringify(wants);
  useEffect(() => signal.current?.say({ kind: "watch", wants }), [wanted, up]);

  async function turn(name: Source) {
    setFault("");
    try {
      const old = held.current[name];
      let next: MediaStreamTrack | null = null;
      if (old) old.stop();
      else {
        const video = { width: 1280, height: 720 };
        const found = name === "screen" ? await navigator.mediaDevices.getDisplayMedia({ video: true }) : await navigator.mediaDevices.getUserMedia(name === "mic" ? { audio: true } : { video });
        next = found.getTracks()[0] ?? null;
        if (next) next.onended = () => void turn(name);
      }
      held.current = { ...held.current, [name]: next };
      setTracks(held.current);
      await peer.current?.send(name, next);
      devices();
    } catch { setFault(window.isSecureContext ? words.blocked : words.insecure); }
  }
  const you = state?.seats.find((seat) => seat.you);
  const silenced = !!held.current.mic && (you?.muted_by === "head" || you?.muted_by === "technician");
  useEffect(() => { if (silenced) void turn("mic"); }, [silenced]);
  const raised = !!you && !!state?.hands.includes(`own/${you.id}`);
  const press = { KeyM: () => turn("mic"), KeyV: () => turn("camera"), KeyS: () => turn("screen"), KeyH: () => signal.current?.say({ kind: "hand", raised: !raised }) };
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).matches?.("input,textarea")) return;
      void press[event.code as keyof typeof press]?.();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  });
  const tile = (seat: SeatView, kind: "video" | "slides") => {
    const stream = `${seat.side}/${seat.id}/${kind}`;
    const slot = slots.find((one) => one.stream === stream);
    const track = seat.you ? tracks[kind === "video" ? "camera" : "screen"] : slot ? (peer.current?.track(slot.mid) ?? null) : null;
    const loud = speaking.includes(`${seat.side}/${seat.id}/audio`);
    return <figure className="tile" key={stream} data-seat={seat.id} data-side={seat.side} data-kind={kind} data-state={loud ? "speaking" : seat.present ? "present" : "away"}><Media track={track} kind="video" /><figcaption>{seat.name} · {words.mic} {seat.mic ? words.on : words.off}{state?.hands.includes(`${seat.side}/${seat.id}`) && " ✋"}</figcaption></figure>;
  };
  const meeting = state?.meeting;
  const say = signal.current?.say;
  return (
    <>
      <p role="status" aria-live="polite">{fault || (up ? `${words.line}: ${state?.line.state ?? ""}` : words.lost)}</p>
      {peer.current?.audio().map((track) => <Media key={track.id} track={track} kind="audio" />)}
      <div className="halves">{(["own", "other"] as const).map((side) => <section className="half" key={side} data-side={side}><h2>{sides?.[side]?.[language] ?? words[side]}</h2><div className="tiles">{state?.seats.filter((seat) => seat.side === side && seat.place === state.place).flatMap((seat) => [tile(seat, "video"), ...(seat.sharing ? [tile(seat, "slides")] : [])])}</div></section>)}</div>
      {gauge && <p data-kind="gauge" data-state={gauge.state}>{words.line}: {gauge.rtt_ms ?? "–"} ms · {gauge.rate_kbit ?? "–"} kbit/s{(["audio", "slides", "video"] as const).map((name) => ` · ${name} ↑${gauge.out[name].kbit} ↓${gauge.in[name].kbit}`)}</p>}
      <footer>
        {(["mic", "camera", "screen"] as const).map((name) => <button key={name} data-kind={name} aria-pressed={!!tracks[name]} onClick={() => void turn(name)}>{words[name]}</button>)}
        <button data-kind="hand" aria-pressed={raised} onClick={() => press.KeyH()}>{words.hand}</button>
        {you?.role === "head" && meeting && <>
          {meeting.state === "caucus" && <button data-kind="propose" onClick={() => say?.({ kind: "propose_open" })}>{words.propose}</button>}
          {meeting.state === "proposed" && meeting.proposal && meeting.proposed_by === "other" && <><button data-kind="accept" onClick={() => say?.({ kind: "accept_open", proposal: meeting.proposal! })}>{words.accept}</button><button data-kind="decline" onClick={() => say?.({ kind: "decline_open", proposal: meeting.proposal! })}>{words.decline}</button></>}
          {meeting.state === "proposed" && meeting.proposal && meeting.proposed_by === "own" && <button data-kind="withdraw" onClick={() => say?.({ kind: "withdraw_open", proposal: meeting.proposal! })}>{words.withdraw}</button>}
          {meeting.state === "open" && <button data-kind="leave" onClick={() => say?.({ kind: "leave_meeting" })}>{words.leave}</button>}
        </>}
      </footer>
    </>
  );
}
