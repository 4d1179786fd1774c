import { useEffect, useState } from "preact/hooks";
import * as cards from "../cards.ts";
import { ask, offered, phone, popCards, seat } from "../desk.ts";
import { ACTS, type Act, change, comboOf, hotkeys, keyOf, keyText, pressed, singleKeys, takenBy, usable } from "../keys.ts";
import { optOut } from "../optout.ts";
import { inCall } from "../phone/state.ts";
import { t } from "../texts.ts";
import { Button, Dialog, useCell } from "./ui.tsx";

interface Goes {
  help: () => void;
  work: () => void;
}

/** What each key does; 保存 belongs to the card in front. */
const DOES: Partial<Record<Act, (go: Goes) => void>> = {
  hang_up: () => inCall(seat.get()) && void ask({ cmd: "hang_up" }),
  answer: () => seat.get() !== null && offered(seat.get()!) && void ask({ cmd: "answer" }),
  mute: () => inCall(seat.get()) && phone.muted.update((muted) => !muted),
  idle: () => ["wrap_up", "busy"].includes(seat.get()?.state ?? "") && void ask({ cmd: "idle" }),
  dial: () => document.getElementById("quickdial")?.focus(),
  work: (go) => go.work(),
  opt_out: () => void optOut(cards.front(popCards.get())),
};

export function useHotkeys(go: Goes): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const does = DOES[pressed(event) as Act];
      if (does !== undefined) {
        event.preventDefault();
        does(go);
      } else if (event.key === "?" && singleKeys() && !typing(event.target)) go.help();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [go]);
}

/** Whether a key typed there is text. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.isContentEditable);
}

/** The key on a button, as it is now. */
export function Key({ of }: { of: Act }) {
  const kept = useCell(hotkeys);
  return kept.off ? null : <kbd>{keyText(keyOf(of, kept))}</kbd>;
}

/** 快捷键: each may be changed, or all be turned off. */
export function HotkeyList({ close }: { close: () => void }) {
  const kept = useCell(hotkeys);
  const [editing, setEditing] = useState<Act | null>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    if (editing === null) return;
    const press = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") return setEditing(null);
      const combo = comboOf(event);
      if (/^(Control|Alt|Shift|Meta)/.test(event.key)) return;
      const other = takenBy(editing, combo);
      if (!usable(combo)) return setError(t("page.keys.unusable"));
      if (other !== null) return setError(t("page.keys.taken", { key: keyText(combo), what: t(`page.keys.${other}`) }));
      setError("");
      change({ keys: { ...kept.keys, [editing]: combo } });
      setEditing(null);
    };
    // Before the page's own hotkeys hear of it.
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [editing, kept]);
  return (
    <Dialog title={t("page.keys.title")} onClose={close}>
      <div class="body">
        <label class="tickline"><input type="checkbox" checked={!kept.off} onChange={() => change({ off: !kept.off })} /> {t("page.keys.on")}</label>
        <table class="keys">
          <tbody>
            {ACTS.map((act) => (
              <tr key={act}>
                <th scope="row"><kbd>{editing === act ? t("page.keys.press") : keyText(keyOf(act, kept))}</kbd></th>
                <td>{t(`page.keys.${act}`)}</td>
                <td><Button look="link" disabled={kept.off} aria-label={t("page.keys.change_one", { what: t(`page.keys.${act}`) })} onClick={() => (setError(""), setEditing(editing === act ? null : act))}>{t("page.keys.change")}</Button></td>
              </tr>
            ))}
            <tr><th scope="row"><kbd>1 … 9</kbd></th><td>{t("page.keys.result")}</td><td /></tr>
            <tr><th scope="row"><kbd>?</kbd></th><td>{t("page.keys.list")}</td><td /></tr>
          </tbody>
        </table>
        <label class="tickline"><input type="checkbox" disabled={kept.off} checked={kept.single} onChange={() => change({ single: !kept.single })} /> {t("page.keys.single")}</label>
        {error && <p class="error" role="alert">{error}</p>}
      </div>
      <footer>
        <Button onClick={() => change({ off: false, single: true, keys: {} })}>{t("page.keys.reset")}</Button>
        <Button look="main" onClick={close}>{t("page.close")}</Button>
      </footer>
    </Dialog>
  );
}
