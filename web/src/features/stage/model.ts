import type { StateView, Want } from "../../api/gen";

/** The pictures that the stage shows: slides first, then cameras, never one's own. */
export function wantsOf(state: StateView): Want[] {
  return state.seats.filter((seat) => !seat.you && seat.present && seat.place === state.place).flatMap((seat) => [
    ...(seat.sharing ? [{ stream: `${seat.side}/${seat.id}/slides`, width: 1280, weight: 8 }] : []),
    ...(seat.camera ? [{ stream: `${seat.side}/${seat.id}/video`, width: 640, weight: 4 }] : []),
  ]);
}
