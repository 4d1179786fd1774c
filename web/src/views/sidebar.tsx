import { useState } from "preact/hooks";
import { t } from "../texts.ts";
import type { PageView } from "../types.ts";
import { HOME, WALL, WORK } from "./frame.tsx";

interface SidebarProps {
  pages: PageView[];
  works: boolean;
  wall: boolean;
  now: string;
  narrow: boolean;
  go: (id: string) => void;
  fold: () => void;
}

interface Group {
  id: string;
  title: string;
  pages: PageView[];
}

/** The dark menu of the manual: groups in the catalogue's order. */
export function Sidebar({ pages, works, wall, now, narrow, go, fold }: SidebarProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(closed);
    if (!next.delete(id)) next.add(id);
    setClosed(next);
  };
  const item = (id: string, title: string) => (
    <li key={id}>
      <button type="button" class="item" aria-current={now === id ? "page" : undefined} onClick={() => go(id)}>{title}</button>
    </li>
  );
  return (
    <nav class="sidebar" aria-label={t("page.menu.label")}>
      <div class="scroll" hidden={narrow}>
        <ul class="first">
          {item(HOME, t("page.menu.home"))}
          {works && item(WORK, t("page.menu.workbench"))}
          {wall && item(WALL, t("page.menu.wall"))}
        </ul>
        {groups(pages).map((group) => {
          const open = !closed.has(group.id);
          return (
            <section key={group.id}>
              <button type="button" class="group" aria-expanded={open} onClick={() => toggle(group.id)}>{group.title}<i aria-hidden="true">{open ? "▾" : "▸"}</i></button>
              {open && <ul>{group.pages.map((page) => item(page.id, page.title))}</ul>}
            </section>
          );
        })}
      </div>
      <button type="button" class="fold" onClick={fold} aria-label={t(narrow ? "page.menu.unfold" : "page.menu.fold")}>{narrow ? "»" : "«"}</button>
    </nav>
  );
}

function groups(pages: PageView[]): Group[] {
  const out: Group[] = [];
  for (const page of pages) {
    const group = out.find((one) => one.id === page.menu);
    if (group) group.pages.push(page);
    else out.push({ id: page.menu, title: page.menu_title, pages: [page] });
  }
  return out;
}
