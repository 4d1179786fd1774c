import { useState } from "preact/hooks";
import { ask, offered, phone, popCards } from "../desk.ts";
import { inCall } from "../phone/state.ts";
import { clock } from "../format.ts";
import { reasonOf, work } from "../office.ts";
import { t } from "../texts.ts";
import * as cards from "../cards.ts";
import type { SeatView } from "../types.ts";
import { Key } from "./hotkeys.tsx";
import { Button, useCell, useNow } from "./ui.tsx";

/** The seat's state, large, with what can be done in it. */
export function CallCard({ view }: { view: SeatView | null }) {
  const now = useNow();
  const all = useCell(popCards).all;
  const phoneState = useCell(phone.state);
  const given = useCell(work);
  const card = all.find((one) => one.pop.call === view?.call);
  if (view === null) return <div class="callcard lost"><p class="state">{t("page.net.opening")}</p></div>;
  const seconds = (now - view.since) / 1000;
  const dialling = view.state === "ringing" && !offered(view);
  return (
    <>
      <div class={`callcard ${view.state}`}>
        <p class="state">
          <span>{t(dialling ? "page.call.dialling" : `call.seat.${view.state}`)}{view.state === "busy" && view.reason ? ` · ${reasonOf(view.reason, given).label}` : ""}</span>
          <time>{clock(seconds)}</time>
        </p>
        {inCall(view) && card !== undefined && (
          <div class="whom">
            <p class="number">{card.pop.number}</p>
            <p>{[card.pop.card.name, card.pop.card.organisation].filter(Boolean).join(" · ") || t("page.call.unknown")}</p>
            <p class="campaign">{card.pop.campaign ?? t(`call.kind.${card.pop.kind}`)}</p>
          </div>
        )}
        {offered(view) && (
          <div class="buttons two">
            <Button look="main" class="tall" onClick={() => void ask({ cmd: "answer" })}>{t("page.call.answer")} <Key of="answer" /></Button>
            <Button look="danger" class="tall" onClick={() => void ask({ cmd: "reject" })}>{t("page.call.reject")}</Button>
          </div>
        )}
        {(view.state === "talking" || dialling) && <InCall talking={view.state === "talking"} />}
        {view.state === "wrap_up" && <Wrap view={view} now={now} />}
        {view.state === "busy" && <BusyLimit view={view} seconds={seconds} />}
        {view.state === "busy" && <div class="buttons"><Button look="main" class="tall" onClick={() => void ask({ cmd: "idle" })}>{t("page.busy.end")} <Key of="idle" /></Button></div>}
        {(view.state === "signed_out" || view.state === "lost") && !phoneState.wanted && (
          <div class="buttons"><Button look="main" class="tall" onClick={() => void phone.want(true)}>{t("page.sign.in")}</Button></div>
        )}
        {view.state === "idle" && <p class="hint">{t("page.call.ready")}</p>}
        {view.after_call && <p class="warning">{t("page.after_call", { state: t(`call.seat.${view.after_call}`) })}</p>}
      </div>
      {view.state === "talking" && <Keypad />}
    </>
  );
}

function InCall({ talking }: { talking: boolean }) {
  const muted = useCell(phone.muted);
  return (
    <div class="buttons two">
      <Button look="danger" class="tall" onClick={() => void ask({ cmd: "hang_up" })}>{t("page.call.hang_up")} <Key of="hang_up" /></Button>
      {talking && (
        <Button class={muted ? "tall muted" : "tall"} aria-pressed={muted} onClick={() => phone.muted.set(!muted)}>
          {t(muted ? "page.call.unmute" : "page.call.mute")} <Key of="mute" />
        </Button>
      )}
    </div>
  );
}

/** 示忙分类's longest span; nothing ends by itself here, but it is said. */
function BusyLimit({ view, seconds }: { view: SeatView; seconds: number }) {
  const reason = reasonOf(view.reason ?? "", useCell(work));
  const late = reason.max_minutes > 0 && seconds > reason.max_minutes * 60;
  return late ? <p class="warning">! {t("page.busy.over", { n: reason.max_minutes })}</p> : null;
}

/** 话后: the time left, and the two ways to change it, as 话后设置 has them. */
function Wrap({ view, now }: { view: SeatView; now: number }) {
  const given = useCell(work);
  const more = given?.wrap_more_s ?? 30;
  const unsaved = cards.front(useCell(popCards))?.saved === false;
  const left = view.until === undefined ? null : Math.max(0, Math.ceil((view.until - now) / 1000));
  const whole = view.until === undefined ? 1 : Math.max(1, (view.until - view.since) / 1000);
  return (
    <div class="wrap">
      {left !== null && (
        <>
          <p class="left">{t("page.wrap.left", { s: left })}</p>
          <progress max={whole} value={left} aria-label={t("page.wrap.left", { s: left })} />
        </>
      )}
      {given?.must_save && unsaved && <p class="warning">{t("page.wrap.must_save")}</p>}
      <div class="buttons two">
        <Button look="main" class="tall" onClick={() => void ask({ cmd: "idle" })}>{t("page.wrap.idle")} <Key of="idle" /></Button>
        {more > 0 && <Button class="tall" onClick={() => void ask({ cmd: "wrap_more" })}>{t("page.wrap.more", { s: more })}</Button>}
      </div>
    </div>
  );
}

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

function Keypad() {
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState("");
  const send = (key: string) => {
    setSent((s) => (s + key).slice(-20));
    void ask({ cmd: "dtmf", key });
  };
  const press = (event: KeyboardEvent) => {
    if (!KEYS.includes(event.key) || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    send(event.key);
  };
  return (
    <div class="keypad">
      <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>{t("page.call.keypad")} {open ? "▴" : "▾"}</Button>
      {open && (
        <div role="group" aria-label={t("page.call.keypad")} onKeyDown={press}>
          <output>{sent || t("page.call.keypad_hint")}</output>
          <div class="grid">{KEYS.map((key) => <button key={key} type="button" onClick={() => send(key)}>{key}</button>)}</div>
        </div>
      )}
    </div>
  );
}
