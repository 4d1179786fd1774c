import "./style/base.css";
import "./style/frame.css";
import "./style/list.css";
import "./style/work.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused, api, why } from "./api.ts";
import { enter, loadLang, session } from "./desk.ts";
import { keptLang } from "./texts.ts";
import { Insecure } from "./views/insecure.tsx";
import { Login } from "./views/login.tsx";
import { Frame } from "./views/frame.tsx";
import { Questions, useCell, useLang } from "./views/ui.tsx";

function App() {
  const who = useCell(session);
  const lang = useLang();
  const [ready, setReady] = useState(false);
  useEffect(() => void start().finally(() => setReady(true)), []);
  if (!ready) return null;
  if (!isSecureContext) return <Insecure />;
  return (
    <>
      {who === null ? <Login key={lang} /> : <Frame who={who} />}
      <Questions />
    </>
  );
}

/** Texts first, then the session the cookie may still carry. */
async function start(): Promise<void> {
  try {
    await loadLang(keptLang());
    await enter(await api.me());
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) console.warn(why(error));
  }
}

// start.ts has said what this browser lacks.
if (!(window as { hutongLacks?: boolean }).hutongLacks) render(<App />, document.getElementById("app")!);
