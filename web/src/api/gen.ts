// Written by tools/gen_types.py from the Python models (`make gen`). Do not edit.

export type SideWord = "other" | "own";
export type Role = "adviser" | "delegate" | "head" | "recorder" | "technician";
export type Kind = "audio" | "slides" | "video";
export type Place = "caucus" | "meeting";
export type Room = "caucus" | "meeting" | "none";
export type LineWord = "down" | "linked" | "severed" | "unconfirmed" | "unpaired";
export type LineReason = "" | "lost" | "other" | "other_card_changed" | "other_protocol" | "own" | "own_card_changed" | "unknown_key";
export type MeetingWord = "caucus" | "open" | "proposed";
export type MutedBy = "head" | "self" | "technician";
export type EndedWord = "left" | "replaced" | "revoked" | "shutdown";
export type NoticeCode = "already_confirmed" | "already_proposed" | "card_changed" | "card_malformed" | "card_own" | "card_signature" | "line_not_linked" | "link_unknown" | "media_restarted" | "meeting_declined" | "meeting_left" | "meeting_not_open" | "meeting_open" | "meeting_opened" | "meeting_proposed" | "meeting_withdrawn" | "muted" | "name_malformed" | "no_such_proposal" | "no_such_seat" | "not_allowed" | "not_head" | "not_paired" | "number_wrong" | "peer_closed" | "seat_exists" | "too_many_peers" | "too_many_seats" | "unknown_key";

/** Opens a peer or renegotiates it. The browser always offers; the node answers with `answer` or `refused`. */
export interface Offer {
  kind: "offer";
  peer: string;
  request: number;
  sdp: string;
}

/** Ends one of this seat's peers. */
export interface ClosePeer {
  kind: "close_peer";
  peer: string;
}

/** One picture that the screen shows. `width` in device pixels; a larger `weight` is served first. */
export interface Want {
  stream: string;
  width: number;
  weight?: number;
}

/** The whole list of pictures that the screen shows now. Streams of another place are left out by the node. */
export interface Watch {
  kind: "watch";
  wants: Want[];
}

/**
 * What the person has switched on; said on arrival and after each change.
 *
 * A microphone muted by a head or technician opens only when it is said off and then on again: the browser says
 * `mic: false` when it finds itself muted, and `mic: true` when the person presses the key.
 */
export interface Devices {
  kind: "devices";
  mic: boolean;
  camera: boolean;
  sharing: boolean;
}

/** Raises or lowers one's hand. */
export interface Hand {
  kind: "hand";
  raised: boolean;
}

/** A head or technician switches off the microphone of a seat of the own side. */
export interface Mute {
  kind: "mute";
  seat: string;
}

/** The head proposes to the other side to open a meeting. */
export interface ProposeOpen {
  kind: "propose_open";
}

/** The head accepts the other side's proposal: the meeting is open. */
export interface AcceptOpen {
  kind: "accept_open";
  proposal: string;
}

/** The head declines the other side's proposal. */
export interface DeclineOpen {
  kind: "decline_open";
  proposal: string;
}

/** The head takes the own proposal back. */
export interface WithdrawOpen {
  kind: "withdraw_open";
  proposal: string;
}

/** The head takes the own side out of the meeting: both sides return to caucus. Needs nobody's consent. */
export interface LeaveMeeting {
  kind: "leave_meeting";
}

/** During a meeting one person steps out to the caucus or back in. */
export interface Step {
  kind: "step";
  place: Place;
}

/** The person leaves the seat; the link stays theirs. */
export interface Leave {
  kind: "leave";
}

/** Asks for a `pong`: proof that the own node answers. */
export interface Ping {
  kind: "ping";
  n: number;
}

export type Said =
  | Offer
  | ClosePeer
  | Watch
  | Devices
  | Hand
  | Mute
  | ProposeOpen
  | AcceptOpen
  | DeclineOpen
  | WithdrawOpen
  | LeaveMeeting
  | Step
  | Leave
  | Ping;

/** A side's name in both languages. */
export interface Names {
  en: string;
  ko: string;
}

/** Both sides' names; `other` is null until a card was taken. */
export interface SidesView {
  own: Names;
  other: Names | null;
}

/** The first message of a session; shown again when the other side's card came or went. */
export interface Welcome {
  kind: "welcome";
  you: string;
  side: SidesView;
  audio_slots: number;
  version: string;
}

/** The line as measured by the own node, and what else was measured of it; empty: nothing. */
export interface LineStateView {
  state: LineWord;
  since_ms: number;
  reason: LineReason;
}

/** Whether a meeting is open. `proposal` is what `accept_open`, `decline_open` and `withdraw_open` must name. */
export interface MeetingView {
  state: MeetingWord;
  id: string | null;
  proposal: string | null;
  proposed_by: SideWord | null;
  since_ms: number;
}

/** One person. `present` false with a place means: the connection is lost, the seat is kept for a while. */
export interface SeatView {
  side: SideWord;
  id: string;
  name: string;
  role: Role;
  present: boolean;
  place: Room;
  mic: boolean;
  camera: boolean;
  sharing: boolean;
  muted_by: MutedBy | null;
  you: boolean;
}

/**
 * All that this person may see. Seats: the own side's all, the other side's only those at the table.
 *
 * `hands` are `<own|other>/<seat>` of the raised hands in your place; for a meeting both sides see the same order.
 */
export interface StateView {
  kind: "state";
  rev: number;
  now_ms: number;
  line: LineStateView;
  meeting: MeetingView;
  place: Place;
  seats: SeatView[];
  hands: string[];
}

/** The node's answer to `offer`. */
export interface Answer {
  kind: "answer";
  peer: string;
  request: number;
  sdp: string;
}

/** The node could not take `offer`. */
export interface Refused {
  kind: "refused";
  peer: string;
  request: number;
  reason: string;
}

/** Which stream arrives at the receive m-line `mid` of `peer` now; null: none. */
export interface SlotView {
  peer: string;
  mid: string;
  stream: string | null;
}

/** The whole list of this seat's receive slots; shown before media of a new stream flows. */
export interface SlotsView {
  kind: "slots";
  slots: SlotView[];
}

/** Who is heard. `level` in -dBov: 0 is the loudest, 127 silence (RFC 6464). */
export interface SpeakerView {
  stream: string;
  level: number;
}

/** The people who speak in your place, loudest first. */
export interface SpeakingView {
  kind: "speaking";
  speakers: SpeakerView[];
}

/** What one class takes of the line, bytes as on the wire; `dropped` packets of the last second. */
export interface FlowView {
  kbit: number;
  dropped: number;
}

/** The classes of the line in the order in which they are served. */
export interface FlowsView {
  control: FlowView;
  hotline: FlowView;
  audio: FlowView;
  slides: FlowView;
  video: FlowView;
  files: FlowView;
}

/** The line's gauge. `loss` is a fraction 0..1; null: not measured. `out` here is `in` on the other screen. */
export interface LineView {
  kind: "gauge";
  state: LineWord;
  rtt_ms: number | null;
  loss: number | null;
  rate_kbit: number | null;
  out: FlowsView;
  in: FlowsView;
}

/** Something to tell the person in words; `code` is a key of the dictionary, `params` its blanks. */
export interface Notice {
  kind: "notice";
  code: NoticeCode;
  params: Record<string, string>;
}

/** The last message of a session: do not return by yourself, except after `shutdown`. */
export interface Ended {
  kind: "ended";
  reason: EndedWord;
}

/** Answers `ping`. */
export interface Pong {
  kind: "pong";
  n: number;
}

export type Shown =
  | Welcome
  | StateView
  | Answer
  | Refused
  | SlotsView
  | SpeakingView
  | LineView
  | Notice
  | Ended
  | Pong;

/** `GET /api/me`: who this browser is. `side` carries both names of the own side. */
export interface Me {
  seat: string;
  name: string;
  role: Role;
  side: Names;
}
