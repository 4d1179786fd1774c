import { useEffect } from "preact/hooks";
import { board, watchBoard, zone } from "../desk.ts";
import { clock, duration, rate, timeOfDay, yuan } from "../format.ts";
import { reasonText, t } from "../texts.ts";
import type { BoardMsg, CampaignRow, SeatRow, Totals } from "../types.ts";
import { useCell, useNow } from "./ui.tsx";

/** Columns of figures. */
const NUMBERS = new Set(["since", "today", "progress", "rate", "abandoned", "in_flight"]);

/** Beyond this share of the answered the figure turns red (docs/rules.md). */
const ABANDON_LIMIT_PERCENT = 3;

/** 实时监控: what the console's wall shows, to look at only. */
export function Wall({ shown }: { shown: boolean }) {
  useEffect(() => (shown ? watchBoard() : undefined), [shown]);
  const now = useNow(shown);
  const all = useCell(board);
  if (all === null) return <p class="empty">{t("page.list.loading")}</p>;
  return (
    <div class="wall">
      {all.totals && <Figures totals={all.totals} />}
      <div class="panes">
        <section class="pane seats"><h2>{t("page.wall.seats")}</h2><Seats board={all} now={now} /></section>
        <section class="pane"><h2>{t("page.wall.campaigns")}</h2><Campaigns rows={all.campaigns ?? []} /></section>
        <section class="pane"><h2>{t("page.wall.calls", { n: all.calls?.length ?? 0 })}</h2><Calls board={all} now={now} /></section>
        <section class="pane"><h2>{t("page.wall.trunks")}</h2><Trunks board={all} /><h2>{t("page.wall.events")}</h2><Events board={all} /></section>
      </div>
    </div>
  );
}

function Figures({ totals }: { totals: Totals }) {
  const lost = totals.abandoned * 100 > totals.answered * ABANDON_LIMIT_PERCENT;
  const figures: [what: string, text: string, more: string, bad: boolean][] = [
    ["dialled", String(totals.dialled), "", false],
    ["answered", String(totals.answered), rate(totals.answered, totals.dialled), false],
    ["to_agent", String(totals.to_agent), "", false],
    ["abandoned", String(totals.abandoned), rate(totals.abandoned, totals.answered), lost],
    ["queued", String(totals.queued), totals.queued > 0 ? clock(totals.queued_oldest_ms / 1000) : "", totals.queued > 0],
    ["channels", `${totals.channels}/${totals.channels_max}`, "", totals.channels_max > 0 && totals.channels >= totals.channels_max],
    ["charged", yuan(totals.charged), "", false],
    ["balance", totals.unlimited ? t("page.wall.unlimited") : yuan(totals.balance), "", !totals.unlimited && totals.balance <= 0],
  ];
  return (
    <dl class="cards">
      {figures.map(([what, text, more, bad]) => <div key={what} class={bad ? "bad" : ""}><dt>{t(`page.wall.${what}`)}</dt><dd>{text}{more && <small>{more}</small>}</dd></div>)}
    </dl>
  );
}

const MARK: Record<SeatRow["state"], string> = { talking: "●", ringing: "◆", idle: "○", wrap_up: "◇", busy: "‖", lost: "✗", signed_out: "–" };
const ORDER: SeatRow["state"][] = ["lost", "talking", "ringing", "wrap_up", "idle", "busy", "signed_out"];

function Seats({ board: all, now }: { board: BoardMsg; now: number }) {
  const rows = [...(all.seats ?? [])].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.extension.localeCompare(b.extension));
  return (
    <table class="table">
      <thead><tr>{["state", "seat", "since", "campaign", "today"].map((what) => <th key={what} scope="col" class={NUMBERS.has(what) ? "num" : ""}>{t(`page.wall.${what}`)}</th>)}</tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td><span class={`seatstate ${row.state}`}>{MARK[row.state]} {t(`call.seat.${row.state}`)}</span>{row.reason && <small> {reasonText(row.reason)}</small>}</td>
            <td>{row.name}({row.extension})</td>
            <td class="num">{row.state === "signed_out" ? "" : clock((now - row.since) / 1000)}</td>
            <td>{row.campaign ?? ""}</td>
            <td class="num">{row.today_calls} · {duration(row.today_talk_s)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Campaigns({ rows }: { rows: CampaignRow[] }) {
  if (rows.length === 0) return <p class="hint">{t("page.list.empty")}</p>;
  return (
    <table class="table">
      <thead><tr>{["name", "status", "progress", "rate", "abandoned", "in_flight"].map((what) => <th key={what} scope="col" class={NUMBERS.has(what) ? "num" : ""}>{t(`page.wall.${what}`)}</th>)}</tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} class={row.status === "running" ? "running" : ""}>
            <td>{row.name}</td>
            <td>{t(`call.campaign.${row.status}`)}{row.status === "running" && <small> {t(`call.idle.${row.why}`)}</small>}</td>
            <td class="num progress"><progress max={Math.max(1, row.total)} value={row.dialled} aria-hidden="true" />{row.dialled}/{row.total}</td>
            <td class="num">{rate(row.answered, row.dialled)}</td>
            <td class="num">{row.abandoned}</td>
            <td class="num">{row.in_flight}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Calls({ board: all, now }: { board: BoardMsg; now: number }) {
  const seats = new Map((all.seats ?? []).map((row) => [row.id, row]));
  const who = (id: number | null) => {
    const row = id === null ? undefined : seats.get(id);
    return row === undefined ? "" : `${row.name}(${row.extension})`;
  };
  if ((all.calls ?? []).length === 0) return <p class="hint">{t("page.wall.no_calls")}</p>;
  return (
    <table class="table">
      <thead><tr>{["stage", "number", "customer", "seat", "campaign", "since"].map((what) => <th key={what} scope="col" class={NUMBERS.has(what) ? "num" : ""}>{t(`page.wall.${what}`)}</th>)}</tr></thead>
      <tbody>
        {all.calls!.map((row) => (
          <tr key={row.id}>
            <td><span class={`stage ${row.stage}`}>{t(`call.stage.${row.stage}`)}</span></td>
            <td>{row.number}</td><td>{row.name}</td><td>{who(row.seat)}</td><td>{row.campaign ?? t(`call.kind.${row.kind}`)}</td>
            <td class="num">{clock((now - row.since) / 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Trunks({ board: all }: { board: BoardMsg }) {
  return (
    <ul class="trunks">
      {(all.trunks ?? []).map((row) => (
        <li key={row.id} class={row.up ? "" : "down"}>
          <span>{row.up ? "●" : "✗"} {row.name}</span>
          <progress max={Math.max(1, row.channels_max)} value={row.channels} aria-hidden="true" />
          <span>{row.channels}/{row.channels_max}</span>
          <span>{rate(row.answers, row.attempts)}</span>
          {row.fault && <span class="error">{t(row.fault)}</span>}
        </li>
      ))}
    </ul>
  );
}

const EVENTS = 12;

function Events({ board: all }: { board: BoardMsg }) {
  const rows = (all.events ?? []).slice(-EVENTS).reverse();
  return (
    <ol class="events">
      {rows.map((row, at) => <li key={`${row.at}-${at}`} class={row.alarm ? "alarm" : ""}><time>{timeOfDay(row.at, zone())}</time> {t(row.text_key, Object.fromEntries(row.args))}</li>)}
    </ol>
  );
}
