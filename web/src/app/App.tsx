/** Who is here: the link's token becomes a cookie, then the person enters. */
import { useEffect, useState } from "react";
import type { Me } from "../api/gen";
import { type Language, WORDS } from "../i18n/words";
import { Meeting } from "./Meeting";

async function arrive(): Promise<Me | null> {
  const token = location.pathname === "/join" ? location.hash.slice(1) : "";
  if (token) {
    await fetch("/api/enrol", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) });
    history.replaceState(null, "", "/");
  }
  const found = await fetch("/api/me");
  return found.ok ? ((await found.json()) as Me) : null;
}
let arrival: Promise<Me | null> | null = null;

export function App() {
  const [language, setLanguage] = useState<Language>(navigator.language.startsWith("ko") ? "ko" : "en");
  const [me, setMe] = useState<Me | null | undefined>(undefined);
  const [inside, enter] = useState(false);
  const words = WORDS[language];
  useEffect(() => void (arrival ??= arrive()).then(setMe, () => setMe(null)), []);
  useEffect(() => { document.documentElement.lang = language; }, [language]);
  const other = language === "en" ? "ko" : "en";
  return (
    <main>
      <header><strong>{me?.side[language] ?? "Parley"}</strong><button lang={other} onClick={() => setLanguage(other)}>{other === "ko" ? "한국어" : "English"}</button></header>
      {me === null && <p role="alert">{words.noSeat}</p>}
      {me && !inside && <section><h1>{me.name}</h1>{!window.isSecureContext && <p>{words.insecure}</p>}<button data-kind="join" onClick={() => enter(true)}>{words.join}</button></section>}
      {me && inside && <Meeting words={words} language={language} />}
    </main>
  );
}
