import { useEffect, useRef } from "react";

/** Plays one track; a new track is a new source of the same element. */
export function Media({ track, kind }: { track: MediaStreamTrack | null; kind: "audio" | "video" }) {
  const at = useRef<HTMLMediaElement | null>(null);
  useEffect(() => { if (at.current) at.current.srcObject = track ? new MediaStream([track]) : null; }, [track]);
  const set = (element: HTMLMediaElement | null) => { at.current = element; };
  return kind === "audio" ? <audio ref={set} autoPlay /> : <video ref={set} autoPlay muted playsInline />;
}
