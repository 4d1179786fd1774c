import { useEffect, useRef, useState } from "preact/hooks";
import { ask, seat } from "../desk.ts";
import { busyReasons, reasonOf, work } from "../office.ts";
import { signedIn } from "../phone/state.ts";
import { t } from "../texts.ts";
import { useCell } from "./ui.tsx";

/** 示忙 with the company's reasons and their colours, and back. */
export function Busy() {
  const view = useCell(seat);
  const given = useCell(work);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: Event) => event.target instanceof Node && !box.current?.contains(event.target) && setOpen(false);
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open]);
  if (!signedIn(view) || view === null) return null;
  const busy = view.state === "busy" || view.after_call === "busy";
  const now = busy && view.reason !== undefined ? reasonOf(view.reason, given) : null;
  const shut = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  const choose = (reason: string | null) => {
    shut();
    void ask(reason === null ? { cmd: "idle" } : { cmd: "busy", reason });
  };
  const walk = (event: KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") return shut();
    if (step === 0 || items.length === 0) return;
    event.preventDefault();
    items[(at + step + items.length) % items.length]!.focus();
  };
  return (
    <span class="busymenu" ref={box} onKeyDown={walk}>
      <button type="button" class={busy ? "busy on" : "busy"} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {now !== null && <i class="dot" style={{ background: now.colour }} aria-hidden="true" />}
        {now?.label ?? t("page.busy.label")} ▾
      </button>
      {open && (
        <div role="menu" aria-label={t("page.busy.label")} class="menu">
          {busy && <button type="button" role="menuitem" class="end" onClick={() => choose(null)}>{t("page.busy.end")}</button>}
          {busyReasons(given).map((one) => (
            <button key={one.code} type="button" role="menuitem" data-reason={one.code} onClick={() => choose(one.code)}>
              <i class="dot" style={{ background: one.colour }} aria-hidden="true" />
              {one.label}
              {one.max_minutes > 0 && <small>{t("page.busy.most", { n: one.max_minutes })}</small>}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
