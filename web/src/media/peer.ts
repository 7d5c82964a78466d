/** The main peer: three senders named by `a=msid`, then the slots that the node fills. */
import type { Said } from "../api/gen";
import { nameSources, type Source } from "./offer";

export const PICTURE_SLOTS = 2;

export class MainPeer {
  readonly #pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  readonly #senders: Record<Source, RTCRtpTransceiver>;
  #request = 0;

  constructor(audioSlots: number, private readonly say: (said: Said) => void, onLost: () => void) {
    const way = { direction: "sendonly" } as const;
    this.#senders = {
      mic: this.#pc.addTransceiver("audio", way),
      camera: this.#pc.addTransceiver("video", {
        ...way,
        sendEncodings: [
          { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 120_000 },
          { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 400_000 },
          { rid: "f", maxBitrate: 1_500_000 },
        ],
      }),
      screen: this.#pc.addTransceiver("video", way),
    };
    for (let i = 0; i < audioSlots; i++) this.#pc.addTransceiver("audio", { direction: "recvonly" });
    for (let i = 0; i < PICTURE_SLOTS; i++) this.#pc.addTransceiver("video", { direction: "recvonly" });
    this.#pc.onconnectionstatechange = () => this.#pc.connectionState === "failed" && onLost();
  }

  async offer(): Promise<void> {
    const offer = await this.#pc.createOffer();
    await this.#pc.setLocalDescription(offer);
    const names = new Map<string, Source>();
    for (const [name, one] of Object.entries(this.#senders)) if (one.mid !== null) names.set(one.mid, name as Source);
    this.say({ kind: "offer", peer: "main", request: ++this.#request, sdp: nameSources(offer.sdp ?? "", names) });
  }

  async answer(request: number, sdp: string): Promise<void> {
    if (request === this.#request) await this.#pc.setRemoteDescription({ type: "answer", sdp });
  }

  async send(source: Source, track: MediaStreamTrack | null): Promise<void> {
    await this.#senders[source].sender.replaceTrack(track);
  }

  track(mid: string): MediaStreamTrack | null {
    return this.#pc.getTransceivers().find((one) => one.mid === mid)?.receiver.track ?? null;
  }

  audio(): MediaStreamTrack[] {
    return this.#pc.getTransceivers().filter((t) => t.direction === "recvonly" && t.receiver.track.kind === "audio").map((t) => t.receiver.track);
  }

  close(): void {
    this.#pc.close();
  }
}
