/** The WebSocket to the own node; it comes back for ever until the node ends the session. */
import type { Said, Shown } from "../api/gen";

const WAITS_MS = [250, 500, 1000, 2000, 4000];

export class Signal {
  #socket: WebSocket | null = null;
  #tries = 0;
  #over = false;

  constructor(private readonly shown: (message: Shown) => void, private readonly linked: (up: boolean) => void) {
    this.#open();
  }

  say = (said: Said): void => {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(said));
  };

  close(): void {
    this.#over = true;
    this.#socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/signal`);
    this.#socket = socket;
    socket.onopen = () => { this.#tries = 0; this.linked(true); };
    socket.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as Shown;
      if (message.kind === "ended" && message.reason !== "shutdown") this.#over = true;
      this.shown(message);
    };
    socket.onclose = () => {
      this.linked(false);
      if (!this.#over) setTimeout(() => this.#open(), WAITS_MS[Math.min(this.#tries++, WAITS_MS.length - 1)]);
    };
  }
}
