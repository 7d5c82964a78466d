/** The node tells mic, camera and screen apart by the stream id of `a=msid`, so the text of the offer names them. */
export type Source = "mic" | "camera" | "screen";

/** Writes the sources' names, by mid, into an offer's text. */
export function nameSources(sdp: string, names: ReadonlyMap<string, Source>): string {
  const [head = "", ...sections] = sdp.split(/(?=^m=)/m);
  const named = sections.map((section) => {
    const mid = /^a=mid:(.*?)\r?$/m.exec(section)?.[1];
    const name = mid === undefined ? undefined : names.get(mid);
    if (name === undefined) return section;
    const bare = section.replace(/^a=msid:.*\r?\n/gm, "");
    return bare.replace(/^(a=mid:.*\r?\n)/m, `$1a=msid:${name} ${name}\r\n`);
  });
  return [head, ...named].join("");
}
