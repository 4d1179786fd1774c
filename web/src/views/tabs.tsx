import { t } from "../texts.ts";
import type { Open } from "./frame.tsx";

interface TabsProps {
  open: Open;
  title: (id: string) => string;
  go: (id: string) => void;
  close: (id: string) => void;
}

/** Each open page keeps its state until its × (F116). Arrow keys walk, Delete closes. */
export function Tabs({ open, title, go, close }: TabsProps) {
  const key = (event: KeyboardEvent, at: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (event.key === "Delete" && open.ids.length > 1) close(open.ids[at]!);
    if (step === 0) return;
    const id = open.ids[(at + step + open.ids.length) % open.ids.length]!;
    go(id);
    document.getElementById(`tabhead-${id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={t("page.tabs")} class="heads">
        {open.ids.map((id, at) => (
          <button key={id} type="button" role="tab" id={`tabhead-${id}`} aria-selected={id === open.now} aria-controls={`tab-${id}`}
            tabIndex={id === open.now ? 0 : -1} onClick={() => go(id)} onKeyDown={(event) => key(event, at)}
            onMouseDown={(event) => event.button === 1 && open.ids.length > 1 && close(id)}>
            {title(id)}
            {open.ids.length > 1 && (
              <span class="x" title={t("page.tab.close")} onClick={(event) => { event.stopPropagation(); close(id); }}>×</span>
            )}
          </button>
        ))}
      </div>
    </div>
  );
}
