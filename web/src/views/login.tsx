import { useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { chooseLang, enter, farewell } from "../desk.ts";
import { lang, t } from "../texts.ts";
import { Button, useCell, useId } from "./ui.tsx";

const KEPT = "hutong.login";

/** 公司账号, 账号, 密码 (F1). The company and account of the last login are kept, never the password. */
export function Login() {
  const [kept] = useState(readKept);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [caps, setCaps] = useState(false);
  const reason = useCell(farewell);

  const submit = async (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const [company, account, password] = ["company", "account", "password"].map((name) => String(data.get(name) ?? ""));
    setBusy(true);
    setError("");
    try {
      const session = await api.login(company!.trim(), account!.trim(), password!, lang.get());
      localStorage.setItem(KEPT, JSON.stringify([company, account]));
      await enter(session);
    } catch (refused) {
      setError(why(refused));
      setBusy(false);
    }
  };

  return (
    <main class="login">
      <form onSubmit={submit}>
        <div class="brand"><img src="icon.svg" alt="" width="40" height="40" /><h1>{t("page.product")}</h1></div>
        {reason && !error && <p class="warning" role="status">{reason}</p>}
        <Line name="company" label={t("page.login.company")} autocomplete="organization" value={kept[0]} focus={!kept[0]} />
        <Line name="account" label={t("page.login.account")} autocomplete="username" value={kept[1]} />
        <Line name="password" label={t("page.login.password")} autocomplete="current-password" password focus={!!kept[0]}
          onKey={(event) => setCaps(event.getModifierState("CapsLock"))} />
        {caps && <p class="hint">{t("page.login.caps")}</p>}
        {error && <p class="error" role="alert">{error}</p>}
        <Button submit look="main" class="tall" disabled={busy}>{busy ? t("page.login.busy") : t("page.login.go")}</Button>
        <p class="hint">{t("page.login.browser")}</p>
      </form>
      <Button look="link" lang={lang.get() === "en" ? "zh-CN" : "en"} onClick={() => void chooseLang(lang.get() === "en" ? "zh-CN" : "en")}>{t("page.other_lang")}</Button>
    </main>
  );
}

interface LineProps {
  name: string;
  label: string;
  autocomplete: string;
  password?: boolean;
  value?: string | undefined;
  focus?: boolean;
  onKey?: (event: KeyboardEvent) => void;
}

function Line({ name, label, autocomplete, password, value = "", focus, onKey }: LineProps) {
  const id = useId();
  const rest = { id, name, autocomplete, defaultValue: value, required: true, spellcheck: false, autofocus: focus, onKeyUp: onKey };
  return (
    <div class="line">
      <label for={id}>{label}</label>
      {password ? <input type="password" {...rest} /> : <input type="text" autocapitalize="off" {...rest} />}
    </div>
  );
}

function readKept(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(KEPT) ?? "[]") as string[]) ?? [];
  } catch {
    return [];
  }
}
