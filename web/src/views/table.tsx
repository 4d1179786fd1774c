import { t } from "../texts.ts";
import type { ActionView, ColumnView, PageView, Row } from "../types.ts";
import { callOf, nameOf } from "./list.tsx";

interface ListTableProps {
  page: PageView;
  rows: Row[];
  loading: boolean;
  ticked: ReadonlySet<number>;
  tick: (ids: ReadonlySet<number>) => void;
  sort: string;
  sortBy: (sort: string) => void;
  run: (action: ActionView, row: Row) => void;
  playing: number | undefined;
}

const RIGHT = new Set(["number", "money", "percent", "duration"]);

/** The paged table. 操作 stands first where the manual has it so, else last, and never scrolls out of sight. */
export function ListTable({ page, rows, loading, ticked, tick, sort, sortBy, run, playing }: ListTableProps) {
  // Where a column has the sound, its own button plays it.
  const hears = page.columns.some((one) => one.kind === "audio");
  const buttons = page.actions.filter((one) => one.place === "row" && (one.id !== "play" || !hears));
  const ticks = page.actions.some((one) => one.place === "selection");
  const first = page.id === "campaigns";
  const all = rows.length > 0 && rows.every((row) => ticked.has(row.id));
  const flip = (id: number) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    tick(next);
  };
  const head = buttons.length > 0 && <th class={first ? "ops" : "ops last"} scope="col">{t("page.list.ops")}</th>;
  return (
    <div class="tablebox" tabIndex={0} role="region" aria-label={page.title}>
      <table class="table">
        <thead>
          <tr>
            {ticks && <th class="tick" scope="col"><input type="checkbox" aria-label={t("page.list.tick_all")} checked={all} onChange={() => tick(new Set(all ? [] : rows.map((row) => row.id)))} /></th>}
            {first && head}
            {page.columns.map((column) => <Head key={column.id} column={column} sort={sort} sortBy={sortBy} />)}
            {!first && head}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const ops = buttons.length > 0 && <Ops page={page} buttons={buttons} row={row} last={!first} run={run} />;
            const running = first && (row.actions ?? []).includes("pause");
            return (
              <tr key={row.id} class={[ticked.has(row.id) ? "ticked" : "", running ? "running" : "", playing === row.id ? "playing" : ""].join(" ").trim()}>
                {ticks && <td class="tick"><input type="checkbox" aria-label={nameOf(page, row)} checked={ticked.has(row.id)} onChange={() => flip(row.id)} /></td>}
                {first && ops}
                {page.columns.map((column) => <Cell key={column.id} page={page} column={column} row={row} run={run} />)}
                {!first && ops}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">{t(loading ? "page.list.loading" : "page.list.empty")}</p>}
    </div>
  );
}

function Head({ column, sort, sortBy }: { column: ColumnView; sort: string; sortBy: (sort: string) => void }) {
  const up = sort === column.id;
  const down = sort === `-${column.id}`;
  const next = down ? column.id : up ? "" : `-${column.id}`;
  return (
    <th scope="col" class={RIGHT.has(column.kind) ? "num" : ""} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <button type="button" class="sort" onClick={() => sortBy(next)}>{column.title}<i aria-hidden="true">{up ? "▲" : down ? "▼" : ""}</i></button>
    </th>
  );
}

function Ops({ page, buttons, row, last, run }: { page: PageView; buttons: ActionView[]; row: Row; last: boolean; run: ListTableProps["run"] }) {
  const allowed = buttons.filter((one) => (row.actions ?? []).includes(one.id));
  return (
    <td class={last ? "ops last" : "ops"}>
      {allowed.map((action) => (
        <button key={action.id} type="button" class={`op ${action.id}`} aria-label={`${action.title} ${nameOf(page, row)}`} onClick={() => run(action, row)}>{action.title}</button>
      ))}
    </td>
  );
}

const PLAY: ActionView = { id: "play", title: "", place: "row", confirm: false };

function Cell({ page, column, row, run }: { page: PageView; column: ColumnView; row: Row; run: ListTableProps["run"] }) {
  const text = row.cells[column.id] ?? "";
  if (column.kind === "audio") {
    const can = (row.actions ?? []).includes("play") || (/^\d+$/.test(text) && callOf(page, row) > 0);
    return (
      <td>
        {can ? <button type="button" class="play" aria-label={t("page.player.play_one", { name: nameOf(page, row) })} onClick={() => run(PLAY, row)}>▶</button> : <span class="hint">{/^\d*$/.test(text) ? "" : text}</span>}
      </td>
    );
  }
  if (column.kind === "percent" && column.id === "progress") {
    return <td class="num progress"><progress max={100} value={parseFloat(text) || 0} aria-hidden="true" />{text}</td>;
  }
  if (column.id === "colour" && /^#[0-9a-f]{6}$/i.test(text)) return <td><i class="dot" style={{ background: text }} aria-hidden="true" />{text}</td>;
  if (column.kind === "select") return <td><span class="word">{text}</span></td>;
  return <td class={RIGHT.has(column.kind) ? "num" : undefined} title={text.length > 14 ? text : undefined}>{text}</td>;
}
