import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { pages, phone, popCards, seat, zone } from "../desk.ts";
import * as cards from "../cards.ts";
import { dateTime } from "../format.ts";
import { t } from "../texts.ts";
import type { Home, ListReply, PageView } from "../types.ts";
import { CallCard } from "./callcard.tsx";
import { CardForm } from "./cardform.tsx";
import { DeviceCheck } from "./devices.tsx";
import { HoursChart } from "./chart.tsx";
import { Button, useCell } from "./ui.tsx";

/** The agent's one page: the call at the left, what is known and said in the middle, the day at the right. */
export function Workbench({ shown, go }: { shown: boolean; go: (id: string) => void }) {
  const all = useCell(popCards);
  const card = cards.front(all);
  const view = useCell(seat);
  return (
    <div class="workbench">
      <section class="w-call" aria-label={t("page.work.call")}><CallCard view={view} /></section>
      <section class="w-card" aria-label={t("page.work.card")}>
        <Waiting all={all} />
        {card === undefined ? <NoCard signedOut={view === null || view.state === "signed_out"} /> : <CardForm key={card.pop.call} card={card} view={view} />}
      </section>
      <aside class="w-day" aria-label={t("page.work.day")}><Today shown={shown} go={go} /></aside>
    </div>
  );
}

/** Cards with unsaved text behind the one in front. */
function Waiting({ all }: { all: cards.Cards }) {
  if (all.all.length < 2) return null;
  return (
    <div class="chips" role="group" aria-label={t("page.work.cards")}>
      {all.all.map((card) => (
        <button key={card.pop.call} type="button" class="chip" aria-pressed={card.pop.call === all.front} onClick={() => popCards.update((c) => cards.shown(c, card.pop.call))}>
          {card.pop.card.name || card.pop.number}
          {cards.unsaved(card) && <i> · {t("page.work.unsaved")}</i>}
        </button>
      ))}
    </div>
  );
}

function NoCard({ signedOut }: { signedOut: boolean }) {
  const [check, setCheck] = useState(false);
  return (
    <div class="nocard">
      <p>{t(signedOut ? "page.work.sign_in_first" : "page.work.waiting")}</p>
      <p class="hint">{t("page.work.waiting_hint")}</p>
      <p class="readyline"><Ready /> <Button onClick={() => setCheck(true)}>{t("page.check.title")}</Button></p>
      {check && <DeviceCheck close={() => setCheck(false)} />}
    </div>
  );
}

/** Green means that the next call will have audio; else what stands in its way. */
function Ready() {
  const state = useCell(phone.state);
  const silent = useCell(phone.silent);
  const grade = useCell(phone.grade);
  if (!state.wanted) return null;
  const fault = state.mic !== "granted" || state.leg !== "up" ? "opening" : silent ? "silent" : grade === "bad" ? "far" : null;
  return <span class={fault === null ? "tag good" : "tag"} role="status">{fault === null ? `✓ ${t("page.check.ready")}` : `! ${t(`page.check.not.${fault}`)}`}</span>;
}

/** The manual's four cards, 今日时段通话量, and the latest calls. */
function Today({ shown, go }: { shown: boolean; go: (id: string) => void }) {
  const [home, setHome] = useState<Home | null>(null);
  const [error, setError] = useState("");
  const view = useCell(seat);
  const load = () => api.home().then((h) => (setHome(h), setError("")), (refused: unknown) => setError(why(refused)));
  const calls = view?.today_calls ?? 0;
  useEffect(() => void (shown && load()), [shown, calls]);
  return (
    <>
      <header class="bar"><h2>{t("page.work.day")}</h2><Button look="link" onClick={() => void load()}>{t("page.refresh")}</Button></header>
      {error && <p class="error">{error}</p>}
      {home !== null && (
        <>
          <dl class="cards">
            <div class="wide"><dt>{t("page.home.last_login")}</dt><dd>{home.last_login === null ? "—" : dateTime(home.last_login, zone())}</dd></div>
            <div><dt>{t("page.home.new_customers")}</dt><dd>{home.new_customers_today}</dd></div>
            <div><dt>{t("page.home.new_activities")}</dt><dd>{home.new_activities_today}</dd></div>
            <div><dt>{t("page.home.my_campaigns")}</dt><dd>{home.my_campaigns}</dd></div>
            <div><dt>{t("page.home.callbacks_today")}</dt><dd>{home.callbacks_today}</dd></div>
          </dl>
          <HoursChart calls={home.calls_by_hour} answered={home.answered_by_hour} width={320} height={120} />
        </>
      )}
      <MyCalls shown={shown} version={calls} go={go} />
    </>
  );
}

const LATEST = 8;

/** 我的通话: the newest rows of the calls page. */
function MyCalls({ shown, version, go }: { shown: boolean; version: number; go: (id: string) => void }) {
  const page = useCell(pages).find((one) => one.id === "calls");
  const [reply, setReply] = useState<ListReply | null>(null);
  const over = useCell(popCards).all.filter((card) => card.over !== undefined).length;
  useEffect(() => {
    if (shown && page !== undefined) api.list(page.id, { page: 1, size: LATEST }).then(setReply, () => {});
  }, [shown, page, version, over]);
  if (page === undefined) return null;
  return (
    <section>
      <header class="bar"><h2>{t("page.work.my_calls")}</h2><Button look="link" onClick={() => go(page.id)}>{t("page.work.all")}</Button></header>
      {reply === null || reply.rows.length === 0 ? <p class="hint">{t("page.work.no_calls")}</p> : <Latest page={page} reply={reply} />}
    </section>
  );
}

const BRIEF = ["started", "callee", "state", "talk"];

function Latest({ page, reply }: { page: PageView; reply: ListReply }) {
  const columns = BRIEF.map((id) => page.columns.find((one) => one.id === id)).filter((one) => one !== undefined);
  const brief = (id: string, text: string) => (id === "started" ? text.slice(11, 16) : id === "talk" ? text.replace(/^00:/, "") : text);
  return (
    <table class="latest">
      <thead><tr>{columns.map((one) => <th key={one.id}>{one.title}</th>)}</tr></thead>
      <tbody>
        {reply.rows.map((row) => (
          <tr key={row.id}>{columns.map((one) => <td key={one.id}>{brief(one.id, row.cells[one.id] ?? "")}</td>)}</tr>
        ))}
      </tbody>
    </table>
  );
}
