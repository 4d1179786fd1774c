import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { changed, opening, phone, toast } from "../desk.ts";
import { wish, wishes } from "../mytasks.ts";
import { t } from "../texts.ts";
import type { ActionRequest, ActionView, ListReply, PageView, Row, Values } from "../types.ts";
import { AskDialog, needsDialog } from "./asking.tsx";
import { ExportDialog } from "./exporter.tsx";
import { Filters } from "./filters.tsx";
import { FormDialog, PROMPTS } from "./form.tsx";
import { ImportDialog } from "./importer.tsx";
import { monitorTab } from "./monitor.tsx";
import { Pager } from "./pager.tsx";
import { PromptDialog } from "./prompt.tsx";
import { Player } from "./player.tsx";
import { ListTable } from "./table.tsx";
import { ToldDialog, toKeep } from "./told.tsx";
import { Button, confirm, download, useCell } from "./ui.tsx";

const SIZE = 30;
/** Lists whose rows move by themselves are read again while they are looked at. */
const MOVING: Record<string, number> = { campaigns: 2_000, preview_tasks: 2_000, my_tasks: 2_000 };

/** What is done to a row's own sound file. */
const SOUND = new Set(["upload", "play", "versions"]);

interface Look {
  page: number;
  sort: string;
  filters: Values;
  /** 共 N 条 to the last row. */
  exact?: boolean;
}

type Open =
  | { what: "form"; row?: number }
  | { what: "import"; campaign?: Row }
  | { what: "export" }
  | { what: "prompt"; row: Row }
  | { what: "ask"; action: ActionView; rows: Row[] }
  | null;

/** Any page of the catalogue: toolbar, filters, table, pager, and the dialogs its actions open. */
export function ListPage({ page, shown, go }: { page: PageView; shown: boolean; go: (tab: string) => void }) {
  const [look, setLook] = useState<Look>({ page: 1, sort: "", filters: {} });
  const given = useGiven(page.id, setLook);
  const [reply, setReply] = useState<ListReply | null>(null);
  const [error, setError] = useState("");
  const [loading, setLoading] = useState(false);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [open, setOpen] = useState<Open>(null);
  const [playing, setPlaying] = useState<{ call: number; title: string } | null>(null);
  const [told, setTold] = useState<{ title: string; text: string } | null>(null);
  const asked = useRef(0);

  const load = useCallback(async (quiet = false) => {
    const turn = ++asked.current;
    if (!quiet) setLoading(true);
    try {
      const answer = await api.list(page.id, { page: look.page, size: SIZE, sort: look.sort, exact: look.exact ? 1 : undefined, ...prefixed(look.filters) });
      // A slower, older answer must not replace a newer one.
      if (turn !== asked.current) return;
      setReply(answer);
      setError("");
      setTicked((old) => new Set(answer.rows.map((row) => row.id).filter((id) => old.has(id))));
    } catch (refused) {
      if (turn === asked.current) setError(why(refused));
    }
    setLoading(false);
  }, [page.id, look]);

  useEffect(() => void load(), [load]);
  useChanges(page.id, shown, load);
  useEffect(() => {
    const every = MOVING[page.id];
    if (!shown || every === undefined) return;
    const timer = setInterval(() => void load(true), every);
    return () => clearInterval(timer);
  }, [shown, load, page.id]);

  /** Throws what the service refused as a whole. */
  const act = async (action: ActionView, request: ActionRequest) => {
    const done = await api.act(page.id, action.id, request);
    const refused = done.refused ?? [];
    const kept = done.text !== undefined && toKeep(action.id, done.text);
    if (kept) setTold({ title: action.title, text: done.text! });
    else if (done.done > 0 || refused.length === 0) toast(done.text ?? t("page.list.done", { action: action.title, n: done.done }), false, done.undo);
    for (const [, refusal] of refused.slice(0, 3)) toast(refusal.text, true);
    if (refused.length > 3) toast(t("page.list.refused", { n: refused.length }), true);
    void load(true);
  };

  const run = async (action: ActionView, rows: Row[]) => {
    const row = rows[0];
    if (action.opens !== undefined && row !== undefined) {
      const { page: to, filter } = action.opens;
      opening.set({ page: to, filters: { [filter]: String(row.id) } });
      return go(to);
    }
    if (page.view === PROMPTS && SOUND.has(action.id)) return row && setOpen({ what: "prompt", row });
    switch (action.id) {
      case "add":
        return setOpen({ what: "form" });
      case "edit":
        return row && setOpen({ what: "form", row: row.id });
      case "import":
        return setOpen({ what: "import" });
      case "append":
        return row && setOpen({ what: "import", campaign: row });
      case "next":
        return void phone.dial(`${page.id}/next`);
      case "dial":
        return row && phone.dial(`${page.id}/${row.id}`);
      case "monitor":
        return row && go(monitorTab(row.id));
      case "rejects":
        return row && download(api.rejectsLink(row.id));
      case "export":
        return setOpen({ what: "export" });
      case "play":
        return row && setPlaying({ call: callOf(page, row), title: nameOf(page, row) });
      case "download":
        return row && download(api.recordingLink(callOf(page, row), true));
    }
    if (needsDialog(action)) return setOpen({ what: "ask", action, rows });
    if (action.confirm && !(await confirm(question(action, rows.length > 0 ? targetOf(page, rows) : ""), action.title, action.id === "delete"))) return;
    await act(action, { ids: rows.map((one) => one.id), args: {} }).catch((failed: unknown) => (toast(why(failed), true), void load(true)));
  };

  const rows = reply?.rows ?? [];
  const selected = rows.filter((row) => ticked.has(row.id));
  const close = () => setOpen(null);
  return (
    <div class="list" aria-busy={loading}>
      <div class="toolbar">
        <Button onClick={() => void load()}>{t("page.refresh")}</Button>
        {page.actions.filter((one) => one.place !== "row").map((action) => (
          <Button key={action.id} look={action.id === "add" ? "main" : action.id === "delete" ? "danger" : "plain"}
            disabled={action.place === "selection" && selected.length === 0 && !(action.all && rows.length > 0)} onClick={() => void run(action, action.place === "selection" ? selected : [])}>
            {action.title}{action.place === "selection" && selected.length > 0 && ` (${selected.length})`}
          </Button>
        ))}
        {page.filters.length > 0 && <Filters key={given} page={page} given={look.filters} apply={(filters) => setLook({ sort: look.sort, page: 1, filters })} />}
        {page.id === "my_tasks" && <MyTasksWishes chosen={look.filters.campaign ?? ""} />}
        {(reply?.notes ?? []).map((note) => <span key={note} class="note">{note}</span>)}
      </div>
      {error && <p class="error" role="alert">{error} <Button look="link" onClick={() => void load()}>{t("page.retry")}</Button></p>}
      <ListTable page={page} rows={rows} loading={reply === null && !error} ticked={ticked} tick={setTicked} sort={look.sort}
        sortBy={(sort) => setLook({ ...look, page: 1, sort })} run={(action, row) => void run(action, [row])} playing={playing?.call} />
      {playing !== null && <Player key={playing.call} call={playing.call} title={playing.title} close={() => setPlaying(null)} />}
      {reply !== null && (
        <Pager total={reply.total} more={reply.more ?? false} size={reply.size || SIZE} now={reply.page || look.page}
          go={(n) => setLook({ ...look, page: n })} count={() => setLook({ ...look, exact: true })} />
      )}
      {open?.what === "form" && <FormDialog page={page} row={open.row} close={close} saved={() => void load(true)} />}
      {open?.what === "import" && (
        <ImportDialog page={page} campaign={open.campaign?.id} target={open.campaign && nameOf(page, open.campaign)} close={close} done={() => void load(true)} />
      )}
      {open?.what === "export" && <ExportDialog page={page} query={prefixed(look.filters)} reply={reply} close={close} />}
      {told !== null && <ToldDialog {...told} close={() => setTold(null)} />}
      {open?.what === "prompt" && (
        <PromptDialog page={page.id} row={open.row.id} name={nameOf(page, open.row)} versions={versionsOf(open.row)}
          uploads={page.actions.some((one) => one.id === "upload") && (open.row.actions ?? []).includes("upload")} close={close} saved={() => void load(true)} />
      )}
      {open?.what === "ask" && (
        <AskDialog page={page} action={open.action} rows={open.rows} filters={look.filters} reply={reply} close={close} act={(request) => act(open.action, request)} />
      )}
    </div>
  );
}

/** Takes the filters another list opened this one with; counts how often, so that the filter line starts anew with them. */
function useGiven(page: string, setLook: (look: Look) => void): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const take = () => {
      const wish = opening.get();
      if (wish === null || wish.page !== page) return;
      opening.set(null);
      setLook({ page: 1, sort: "", filters: wish.filters });
      setCount((n) => n + 1);
    };
    take();
    return opening.watch(take);
  }, [page]);
  return count;
}

/** 启用弹屏 and 自动下一个; 下一个 keeps to the task that the list is filtered by. */
function MyTasksWishes({ chosen }: { chosen: string }) {
  const kept = useCell(wishes);
  useEffect(() => wish({ campaign: chosen }), [chosen]);
  return (
    <>
      {(["pop", "auto"] as const).map((id) => (
        <label key={id} class="tickbox"><input type="checkbox" checked={kept[id]} onChange={(event) => wish({ [id]: event.currentTarget.checked })} /> {t(`page.my_tasks.${id}`)}</label>
      ))}
    </>
  );
}

/** Many changes in a moment are one reading; a list that is not looked at is read once it is. */
const SETTLE_MS = 200;

function useChanges(page: string, shown: boolean, load: (quiet: boolean) => Promise<void>): void {
  const stale = useRef(false);
  useEffect(() => {
    let timer: number | undefined;
    const read = () => {
      timer = undefined;
      stale.current = false;
      void load(true);
    };
    if (shown && stale.current) read();
    const off = changed.watch(() => {
      if (!["", page].includes(changed.get().page)) return;
      stale.current = true;
      if (shown) timer ??= setTimeout(read, SETTLE_MS) as unknown as number;
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [page, shown, load]);
}

export const prefixed = (filters: Values): Values => Object.fromEntries(Object.entries(filters).map(([id, value]) => [`q.${id}`, value]));

/** The call whose recording a row plays: its audio cell where that names one, else the row itself. */
export function callOf(page: PageView, row: Row): number {
  const column = page.columns.find((one) => one.kind === "audio");
  const cell = Number(column && row.cells[column.id]);
  return Number.isInteger(cell) && cell > 0 ? cell : row.id;
}

/** What a person calls the row: its name, else its first filled cell that is not a number of ours. */
export function nameOf(page: PageView, row: Row): string {
  if (page.id === "calls") return ["started", "caller", "callee"].map((id) => row.cells[id] ?? "").filter(Boolean).join(" · ");
  const cells = ["name", "phone", "mobile", "extension", "title", "file_name", ...page.columns.map((one) => one.id)];
  return cells.map((id) => row.cells[id] ?? "").find((text) => text !== "") ?? String(row.id);
}

const versionsOf = (row: Row): number => Math.floor(Number(row.cells.versions ?? row.cells.version ?? 1)) || 0;

/** The first three by name, the rest by number. */
export function targetOf(page: PageView, rows: Row[]): string {
  const names = rows.slice(0, 3).map((row) => nameOf(page, row)).join("、");
  return rows.length > 3 ? t("page.list.and_more", { names, n: rows.length }) : names;
}

function question(action: ActionView, target: string): string {
  return target === "" ? t("page.list.sure_plain", { action: action.title }) : t("page.list.sure", { action: action.title, target });
}
