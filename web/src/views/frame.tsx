import { useEffect, useState } from "preact/hooks";
import { TABS, can, dropToast, elsewhere, online, pages, popCards, seat, session, toasts, undo, workHere } from "../desk.ts";
import * as cards from "../cards.ts";
import { inCall } from "../phone/state.ts";
import { wishes } from "../mytasks.ts";
import { t } from "../texts.ts";
import type { PageView, Session } from "../types.ts";
import { HotkeyList, useHotkeys } from "./hotkeys.tsx";
import { Home } from "./home.tsx";
import { ListPage } from "./list.tsx";
import { Monitor, monitored } from "./monitor.tsx";
import { UrgentNotice } from "./notices.tsx";
import { Sidebar } from "./sidebar.tsx";
import { StatusBar } from "./statusbar.tsx";
import { Tabs } from "./tabs.tsx";
import { TopBar } from "./topbar.tsx";
import { Wall } from "./wall.tsx";
import { Workbench } from "./workbench.tsx";
import { Button, Dialog, useCell, useLang } from "./ui.tsx";

export const HOME = "home";
export const WORK = "workbench";
export const WALL = "wall";

/** Below this width, or zoomed in that far, the menu starts folded. */
const NARROW_PX = 900;

export interface Open {
  ids: string[];
  now: string;
}

/** Everything behind the login: top bar, menu, tabs, and the work area. */
export function Frame({ who }: { who: Session }) {
  useLang();
  const all = useCell(pages);
  const works = can("seat.work");
  const [open, setOpen] = useState<Open>(() => keptTabs(who.seat) ?? { ids: [first(works)], now: first(works) });
  useEffect(() => sessionStorage.setItem(TABS, JSON.stringify({ seat: who.seat, ...open })), [open]);
  const [help, setHelp] = useState(false);
  const [narrow, setNarrow] = useState(() => window.innerWidth < NARROW_PX);

  const go = (id: string) => setOpen((o) => ({ ids: o.ids.includes(id) ? o.ids : [...o.ids, id], now: id }));
  const close = (id: string) =>
    setOpen((o) => {
      const ids = o.ids.filter((one) => one !== id);
      const next = o.now === id ? (ids[Math.max(0, o.ids.indexOf(id) - 1)] ?? first(works)) : o.now;
      return { ids: ids.length > 0 ? ids : [next], now: next };
    });
  useHotkeys({ help: () => setHelp(true), work: () => works && go(WORK) });
  usePopInFront(works, go);
  useTitle();

  return (
    <div class={narrow ? "frame narrow" : "frame"}>
      <TopBar who={who} works={works} />
      <Sidebar pages={all} works={works} wall={can("wall.view")} now={open.now} go={go} narrow={narrow} fold={() => setNarrow(!narrow)} />
      <main class="area">
        <Tabs open={open} title={(id) => titleOf(id, all)} go={go} close={close} />
        {open.ids.map((id) => (
          <div key={id} id={`tab-${id}`} class="tab" role="tabpanel" aria-labelledby={`tabhead-${id}`} hidden={id !== open.now}>
            <View id={id} pages={all} go={go} shown={id === open.now} />
          </div>
        ))}
      </main>
      <StatusBar help={() => setHelp(true)} />
      {help && <HotkeyList close={() => setHelp(false)} />}
      <Toasts />
      <UrgentNotice />
      <Elsewhere />
    </div>
  );
}

interface ViewProps {
  id: string;
  pages: PageView[];
  go: (id: string) => void;
  shown: boolean;
}

function View({ id, pages, go, shown }: ViewProps) {
  if (id === HOME) return <Home shown={shown} />;
  if (id === WORK) return <Workbench shown={shown} go={go} />;
  if (id === WALL) return <Wall shown={shown} />;
  const task = monitored(id);
  if (task !== null) return <Monitor task={task} shown={shown} />;
  const page = pages.find((one) => one.id === id);
  return page === undefined ? <p class="empty">{t("page.gone")}</p> : <ListPage page={page} shown={shown} go={go} />;
}

/** Landing follows the permissions (F3): who watches the floor lands on 首页, who only works a seat on the workbench. */
const first = (works: boolean) => (works && !can("wall.view") ? WORK : HOME);

/** The tabs that stood open before a reload; another's login in the same browser tab starts anew. */
function keptTabs(seat: number): Open | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(TABS) ?? "null") as (Open & { seat: number }) | null;
    return kept !== null && kept.seat === seat && kept.ids.includes(kept.now) ? { ids: kept.ids, now: kept.now } : null;
  } catch {
    return null;
  }
}

export function titleOf(id: string, pages: PageView[]): string {
  if (id === HOME || id === WORK || id === WALL) return t(`page.menu.${id}`);
  const task = monitored(id);
  if (task !== null) return `${t("page.monitor.title")} ${task}`;
  return pages.find((one) => one.id === id)?.title ?? id;
}

/** A call brings the workbench to the front; no other tab loses its form (F116). */
function usePopInFront(works: boolean, go: (id: string) => void): void {
  useEffect(() => {
    if (!works) return;
    let last = cards.front(popCards.get())?.pop.call;
    return popCards.watch(() => {
      const now = cards.front(popCards.get());
      // 启用弹屏 off: whoever dials his list stays on it (F66).
      const stays = now?.pop.kind === "preview" && !wishes.get().pop;
      if (now !== undefined && now.pop.call !== last && now.over === undefined && !stays) go(WORK);
      last = now?.pop.call;
    });
  }, [works]);
}

/** The call shows in the browser's own tab; no number there. */
function useTitle(): void {
  const view = useCell(seat);
  const who = useCell(session);
  const up = useCell(online);
  const card = cards.front(useCell(popCards));
  useEffect(() => {
    const calling = view !== null && inCall(view);
    const name = card?.pop.card.name ?? "";
    const head = calling ? `● ${t(view.state === "talking" ? "page.title.talking" : "page.title.ringing")} ${name} · ` : up ? "" : `✗ ${t("page.net.down")} · `;
    document.title = `${head}${t("page.product")} ${who?.extension ?? ""}`;
    document.getElementById("icon")?.setAttribute("href", calling ? "icon-call.svg" : "icon.svg");
    return () => void (document.title = t("page.product"));
  });
}

/** The session is worked in another tab; what stands here stays as it is behind this question. */
function Elsewhere() {
  const held = useCell(elsewhere);
  if (!held) return null;
  return (
    <Dialog title={t("page.tab.title")} onClose={() => {}}>
      <p class="question">{t("page.tab.elsewhere")}</p>
      <footer><Button look="main" onClick={() => void workHere()}>{t("page.tab.here")}</Button></footer>
    </Dialog>
  );
}

function Toasts() {
  const all = useCell(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {all.map((one) => (
        <p key={one.id} class={one.bad ? "toast bad" : "toast"}>
          {one.text}
          {one.undo !== undefined && <button type="button" class="undo" onClick={() => (dropToast(one.id), void undo(one.undo!))}>{t("page.undo")}</button>}
        </p>
      ))}
    </div>
  );
}
