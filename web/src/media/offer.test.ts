import { expect, test } from "vitest";
import { nameSources } from "./offer";

test("each source is named once, other sections stay", () => {
  const sdp = "v=0\r\nm=audio 9 x\r\na=mid:0\r\na=msid:- abc\r\nm=video 9 x\r\na=mid:1\r\n";
  expect(nameSources(sdp, new Map([["0", "mic"]]))).toBe(
    "v=0\r\nm=audio 9 x\r\na=mid:0\r\na=msid:mic mic\r\nm=video 9 x\r\na=mid:1\r\n",
  );
});
