/** Every word on the screens, in both languages; a missing one does not compile. */
const en = {
  join: "Enter", mic: "Microphone", camera: "Camera", screen: "Share screen", hand: "Raise hand", own: "Our side", other: "Other side",
  propose: "Propose to open the meeting", accept: "Accept and open", decline: "Decline", withdraw: "Withdraw", leave: "Leave the meeting",
  noSeat: "This browser has no seat here. Open your link, or ask for a new one.", node: "Own node", line: "Line", lost: "Connection to the own node is lost. Trying again.",
  blocked: "The browser does not give this device. Allow it in the address bar.", insecure: "This page is not secure, so the browser gives no camera or microphone.", on: "on", off: "off", ended: "The session has ended.",
};
export type Words = Record<keyof typeof en, string>;
const ko: Words = {
  join: "입장", mic: "마이크", camera: "카메라", screen: "화면 공유", hand: "손 들기", own: "우리 측", other: "상대측",
  propose: "회의 개시 제안", accept: "수락하고 개시", decline: "거절", withdraw: "제안 철회", leave: "회의에서 나가기",
  noSeat: "이 브라우저에는 좌석이 없습니다. 받은 링크를 열거나 새 링크를 요청하십시오.", node: "우리 노드", line: "회선", lost: "노드와의 연결이 끊어졌습니다. 다시 연결하는 중입니다.",
  blocked: "브라우저가 장치를 허용하지 않았습니다. 주소창에서 허용하십시오.", insecure: "보안 연결이 아니므로 카메라와 마이크를 사용할 수 없습니다.", on: "켜짐", off: "꺼짐", ended: "세션이 종료되었습니다.",
};
export type Language = "en" | "ko";
export const WORDS: Record<Language, Words> = { en, ko };
