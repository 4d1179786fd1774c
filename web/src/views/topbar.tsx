import { useEffect, useState } from "preact/hooks";
import { ask, can, chooseLang, elsewhere, leave, online, phone, pingMs, popCards, seat } from "../desk.ts";
import { unsaved } from "../cards.ts";
import { banner, inCall, signedIn } from "../phone/state.ts";
import { clock } from "../format.ts";
import { lang, t } from "../texts.ts";
import type { Session } from "../types.ts";
import { Busy } from "./busy.tsx";
import { DeviceCheck } from "./devices.tsx";
import { NoticeBell } from "./notices.tsx";
import { PasswordDialog } from "./password.tsx";
import { Button, confirm, useCell, useNow } from "./ui.tsx";

/** The manual's bar: 快速拨号, 自动接听, 签入/签出; always in the same place. */
export function TopBar({ who, works }: { who: Session; works: boolean }) {
  const [password, setPassword] = useState(false);
  const out = async () => {
    const open = popCards.get().all.filter(unsaved).length;
    if (open > 0 && !(await confirm(t("page.logout_unsaved", { n: open }), t("page.logout")))) return;
    await leave();
  };
  return (
    <div class="top">
      <header class="topbar">
        <strong class="brand"><img src="icon.svg" alt="" width="24" height="24" />{t("page.product")}</strong>
        {who.demo && <span class="demo">{t("page.demo")}</span>}
        {works && <QuickDial />}
        {works && <AutoAnswer />}
        {works && <SignSwitch />}
        {works && <Busy />}
        {works && <Senses />}
        <span class="gap" />
        <NoticeBell />
        <Button look="link" class="who" title={t("page.password.title")} onClick={() => setPassword(true)}>{who.company_name} · {who.name}({who.extension})</Button>
        <Button look="link" lang={lang.get() === "en" ? "zh-CN" : "en"} onClick={() => void chooseLang(lang.get() === "en" ? "zh-CN" : "en")}>{t("page.other_lang")}</Button>
        <Button look="link" onClick={() => void out()}>{t("page.logout")}</Button>
      </header>
      <Offline />
      {works && <Banner />}
      {password && <PasswordDialog close={() => setPassword(false)} />}
    </div>
  );
}

function QuickDial() {
  const [number, setNumber] = useState("");
  const view = useCell(seat);
  const busy = inCall(view);
  const dial = (event: Event) => {
    event.preventDefault();
    if (number.trim() === "" || busy) return;
    void phone.dial(number.trim());
    setNumber("");
  };
  return (
    <form class="quickdial" onSubmit={dial}>
      <input id="quickdial" value={number} placeholder={t("page.dial.placeholder")} aria-label={t("page.dial.placeholder")}
        title={t("page.dial.hint")} inputMode="tel" autocomplete="off" maxLength={40}
        onInput={(event) => setNumber(event.currentTarget.value)} />
      <button type="submit" class="call" disabled={busy} aria-label={t("page.dial.go")} title={t("page.dial.go")}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path fill="currentColor" d="M4.300 1.300l1.900.3.8 2.700-1.400 1.300a8.500 8.500 0 0 0 3.400 3.400l1.300-1.400 2.700.8.3 1.900c.1.700-.4 1.200-1.100 1.200C6.900 11.500 3.100 7.800 3.100 2.500c0-.7.5-1.200 1.200-1.200z" /></svg>
      </button>
    </form>
  );
}

function AutoAnswer() {
  const view = useCell(seat);
  const on = view?.auto_answer ?? true;
  return (
    <button type="button" class="switch" role="switch" aria-checked={on} disabled={view === null} onClick={() => void ask({ cmd: "auto_answer", on: !on })}>
      {t("page.auto_answer")} <b>{t(on ? "page.on" : "page.off")}</b>
    </button>
  );
}

/** Green when signed in, red when out, and in words (F12). */
function SignSwitch() {
  const view = useCell(seat);
  const state = useCell(phone.state);
  const on = signedIn(view);
  const busy = state.wanted && !on && (state.mic === "asking" || state.leg === "opening" || state.signing);
  const leaving = view?.after_call === "signed_out";
  const now = useNow(on);
  const flip = () => void phone.want(!(on || busy));
  return (
    <button type="button" role="switch" aria-checked={on} class={on ? "sign in" : "sign out"} onClick={flip} aria-busy={busy} title={t(on ? "page.sign.out_hint" : "page.sign.in_hint")}>
      {busy ? t("page.sign.busy") : leaving ? t("page.sign.leaving") : on ? `● ${t("page.sign.is_in")}` : `○ ${t("page.sign.is_out")}`}
      {on && !leaving && view !== null && <small aria-hidden="true">{t(`call.seat.${view.state}`)} {clock((now - view.since) / 1000)}</small>}
    </button>
  );
}

/** Microphone and network, a word each with its colour; a click tries both out. */
function Senses() {
  const state = useCell(phone.state);
  const up = useCell(online);
  const quality = useCell(phone.quality);
  const grade = useCell(phone.grade);
  const muted = useCell(phone.muted);
  const silent = useCell(phone.silent);
  const [check, setCheck] = useState(false);
  const mic = state.mic === "granted" ? (muted ? "muted" : silent ? "silent" : "ok") : (banner(state) ?? "standby");
  const net = !up ? "down" : state.wanted && state.leg !== "up" ? "opening" : grade;
  const ms = quality?.rtt_ms || pingMs();
  return (
    <>
      <button type="button" class="senses" aria-haspopup="dialog" title={t("page.check.title")} onClick={() => setCheck(true)}>
        <span class={mic === "ok" ? "sense good" : mic === "standby" ? "sense" : "sense bad"}>{t("page.mic.label")} {mic === "ok" && <Meter />}{t(`page.mic.word.${mic}`)}</span>
        <span class={`sense ${net}`} title={quality === null ? undefined : t("page.net.detail", { jitter: quality.jitter_ms, loss: quality.loss_permille / 10 })}>
          {t("page.net.label")} {up && ms > 0 && `${ms}ms `}{t(`page.net.${net}`)}
        </span>
      </button>
      {check && <DeviceCheck close={() => setCheck(false)} />}
    </>
  );
}

function Meter() {
  const level = useCell(phone.level);
  return (
    <span class="meter" aria-hidden="true">
      {[0.12, 0.3, 0.5, 0.7, 0.85].map((step) => <i key={step} class={level >= step ? "on" : ""} />)}
    </span>
  );
}

/** Said at once and large: without the service nothing that is typed here reaches anyone. */
function Offline() {
  const up = useCell(online) || useCell(elsewhere);
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    // The first moments after a login are no break of the line.
    const timer = setTimeout(() => setLate(!up), 700);
    return () => clearTimeout(timer);
  }, [up]);
  return late && !up ? <div class="banner bad" role="alert">{t("page.net.lost")}</div> : null;
}

/** The manual's banner until the microphone is granted; after a refusal, what to click. */
function Banner() {
  const state = useCell(phone.state);
  const say = banner(state);
  // Who watches the floor seldom takes calls: he hears of the microphone once he tries to.
  if (say === null || (say === "not_granted" && can("wall.view") && !state.wanted)) return null;
  return (
    <div class={say === "not_granted" ? "banner" : "banner bad"} role="status">
      <span>{t(`page.mic.${say}`)}</span>
      {say === "denied" && <LockPicture />}
      {say !== "not_granted" && <Button onClick={() => void phone.want(true)}>{t("page.mic.retry")}</Button>}
    </div>
  );
}

/** Where the lock is: a picture of the address bar. */
function LockPicture() {
  return (
    <svg class="lockpic" viewBox="0 0 190 26" width="190" height="26" role="img" aria-label={t("page.mic.picture")}>
      <rect x="0.500" y="0.500" width="189" height="25" rx="12.500" fill="#fff" stroke="#8c959f" />
      <circle cx="16" cy="13" r="11" fill="#fff1e5" stroke="#bc4c00" stroke-width="1.500" />
      <rect x="11.500" y="12" width="9" height="7" rx="1.500" fill="#bc4c00" />
      <path d="M13.200 12v-2.200a2.800 2.800 0 0 1 5.600 0V12" fill="none" stroke="#bc4c00" stroke-width="1.600" />
      <text x="34" y="17" font-size="12" fill="#57606a">{location.host.slice(0, 20)}</text>
    </svg>
  );
}
