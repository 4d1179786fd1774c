import { useEffect } from "preact/hooks";
import { ask, offered, phone, seat } from "../desk.ts";
import { inCall } from "../phone/state.ts";
import { t } from "../texts.ts";
import { Dialog } from "./ui.tsx";

const LIST: [string, string][] = [
  ["Alt+H", "page.keys.hang_up"],
  ["Alt+A", "page.keys.answer"],
  ["Alt+M", "page.keys.mute"],
  ["Ctrl+Enter", "page.keys.save"],
  ["Ctrl+Shift+Enter", "page.keys.save_idle"],
  ["Alt+I", "page.keys.idle"],
  ["Alt+Q", "page.keys.dial"],
  ["Alt+W", "page.keys.work"],
  ["1 … 9", "page.keys.result"],
  ["?", "page.keys.list"],
];

/** By key code, so that an input method or a layout does not change them. */
const KEYS: Record<string, (go: Goes) => void> = {
  KeyH: () => inCall(seat.get()) && void ask({ cmd: "hang_up" }),
  KeyA: () => seat.get() !== null && offered(seat.get()!) && void ask({ cmd: "answer" }),
  KeyM: () => inCall(seat.get()) && phone.muted.update((muted) => !muted),
  KeyI: () => ["wrap_up", "busy"].includes(seat.get()?.state ?? "") && void ask({ cmd: "idle" }),
  KeyQ: () => document.getElementById("quickdial")?.focus(),
  KeyW: (go) => go.work(),
};

interface Goes {
  help: () => void;
  work: () => void;
}

export function useHotkeys(go: Goes): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.code]) {
        event.preventDefault();
        KEYS[event.code]!(go);
      } else if (event.key === "?" && !typing(event.target)) go.help();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [go]);
}

/** Whether a key typed there is text. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.isContentEditable);
}

export function HotkeyList({ close }: { close: () => void }) {
  return (
    <Dialog title={t("page.keys.title")} onClose={close}>
      <table class="keys">
        <tbody>{LIST.map(([key, text]) => <tr key={key}><th scope="row"><kbd>{key}</kbd></th><td>{t(text)}</td></tr>)}</tbody>
      </table>
    </Dialog>
  );
}
