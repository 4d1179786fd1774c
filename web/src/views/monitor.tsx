import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { t } from "../texts.ts";
import type { FailureCause, FunnelStage, TaskMonitor, TaskPace } from "../types.ts";
import { HoursChart } from "./chart.tsx";

/** A tab of this id shows the task behind it. */
const PREFIX = "monitor:";

export const monitorTab = (task: number): string => PREFIX + task;
export const monitored = (tab: string): number | null => (tab.startsWith(PREFIX) ? Number(tab.slice(PREFIX.length)) : null);

/** What is seen is never older than this while it is looked at. */
const EVERY_MS = 1_000;

/** 任务监控: one task as it stands now. */
export function Monitor({ task, shown }: { task: number; shown: boolean }) {
  const [seen, setSeen] = useState<TaskMonitor | null>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    if (!shown) return;
    let timer: number | undefined;
    let gone = false;
    // The next question follows an answer: a slow service is not asked twice at once.
    const look = async () => {
      const asked = Date.now();
      try {
        const now = await api.monitor(task);
        if (!gone) (setSeen(now), setError(""));
      } catch (refused) {
        if (!gone) setError(why(refused));
      }
      if (!gone) timer = setTimeout(() => void look(), Math.max(0, EVERY_MS - (Date.now() - asked))) as unknown as number;
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [task, shown]);
  if (seen === null) return <p class={error ? "error" : "empty"} role={error ? "alert" : undefined}>{error || t("page.list.loading")}</p>;
  return (
    <div class="taskview" tabIndex={0} role="region" aria-label={t("page.monitor.title")}>
      <header>
        <h1>{seen.name}</h1>
        <span class={`status ${seen.status}`}>{t(`call.campaign.${seen.status}`)}</span>
        <strong class="why">{seen.why}</strong>
        {error && <span class="error" role="alert">{error}</span>}
      </header>
      <dl class="facts">{seen.facts.map(([title, value]) => <div key={title}><dt>{title}</dt><dd>{value}</dd></div>)}</dl>
      <div class="panes">
        <section class="pane"><h2>{t("page.monitor.funnel")}</h2><Funnel stages={seen.funnel} /></section>
        <section class="pane"><h2>{t("page.monitor.pace")}</h2><Pace pace={seen.pace} /></section>
        <section class="pane"><h2>{t("page.monitor.causes")}</h2><Causes rows={seen.causes} /></section>
        <section class="pane"><HoursChart calls={seen.calls_by_hour} answered={seen.answered_by_hour} height={190} /></section>
      </div>
    </div>
  );
}

function Funnel({ stages }: { stages: FunnelStage[] }) {
  const most = Math.max(1, ...stages.map((one) => one.count));
  return (
    <table class="table funnel">
      <tbody>
        {stages.map((one) => (
          <tr key={one.title}>
            <th scope="row">{one.title}</th>
            <td class="gauge"><progress max={most} value={one.count} aria-hidden="true" /></td>
            <td class="num">{one.count}</td>
            <td class="num">{one.share}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Pace({ pace }: { pace: TaskPace }) {
  const over = pace.abandoned_bp > pace.cap_bp;
  const rows: [what: string, text: string][] = [
    ["mode", pace.mode],
    ["legs", pace.legs.map(([title, count]) => `${title} ${count}`).join("  ")],
    ["agents", t("page.monitor.agents_said", { agents: pace.agents, free: pace.free })],
    ["per_agent", pace.per_agent],
    ["wait", pace.wait],
    ["eta", pace.eta],
  ];
  return (
    <dl class="pace">
      {rows.map(([what, text]) => <div key={what}><dt>{t(`page.monitor.${what}`)}</dt><dd>{text}</dd></div>)}
      <div class={over ? "bad" : ""}>
        <dt>{t("page.monitor.abandoned")}</dt>
        <dd><meter min={0} max={Math.max(pace.cap_bp * 2, pace.abandoned_bp, 1)} high={pace.cap_bp} value={pace.abandoned_bp} aria-label={t("page.monitor.abandoned")} /> {pace.abandoned}</dd>
      </div>
    </dl>
  );
}

function Causes({ rows }: { rows: FailureCause[] }) {
  if (rows.length === 0) return <p class="hint">{t("page.list.empty")}</p>;
  const heads = ["cause", "sip", "count", "share", "next"];
  const number = (head: string) => (["count", "share"].includes(head) ? "num" : "");
  return (
    <table class="table">
      <thead><tr>{heads.map((head) => <th key={head} scope="col" class={number(head)}>{t(`page.monitor.${head}`)}</th>)}</tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.title} ${row.sip}`}><td>{row.title}</td><td>{row.sip}</td><td class="num">{row.count}</td><td class="num">{row.share}</td><td>{row.next}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
