import { useState } from "preact/hooks";
import { hourRate, yuan } from "../format.ts";
import { t } from "../texts.ts";

interface HoursProps {
  calls: number[];
  answered: number[];
  width?: number;
  height: number;
}

/** Units of the drawing; narrower for a narrow column, so that the words keep their size. */
const WIDTH = 480;
const PAD = { left: 34, right: 6, top: 8, bottom: 18 };

/** 今日时段通话量: a bar an hour, the answered part solid; a tooltip in words and a table for screen readers (F5, F8). */
export function HoursChart({ calls, answered, width = WIDTH, height }: HoursProps) {
  const [at, setAt] = useState<number | null>(null);
  const hours = Array.from({ length: 24 }, (_, h) => ({ calls: calls[h] ?? 0, answered: answered[h] ?? 0 }));
  const top = niceTop(Math.max(...hours.map((one) => one.calls)));
  const plot = height - PAD.top - PAD.bottom;
  const step = (width - PAD.left - PAD.right) / 24;
  const y = (value: number) => PAD.top + plot * (1 - value / top);
  const say = (h: number) => t("page.chart.hour", { hour: h, calls: hours[h]!.calls, rate: hourRate(hours[h]!.answered, hours[h]!.calls) });
  return (
    <figure class="chart">
      <figcaption>{t("page.home.hours")}<output>{at !== null ? say(at) : ""}</output></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" onMouseLeave={() => setAt(null)}>
        {[0, top / 2, top].map((value) => (
          <g key={value}><line x1={PAD.left} x2={width - PAD.right} y1={y(value)} y2={y(value)} class="rule" /><text x={PAD.left - 5} y={y(value) + 3} text-anchor="end">{value}</text></g>
        ))}
        {hours.map((one, h) => (
          <g key={h} onMouseEnter={() => setAt(h)} class={at === h ? "hour on" : "hour"}>
            <rect x={PAD.left + h * step} y={PAD.top} width={step} height={plot} class="back" />
            <rect x={PAD.left + h * step + 2} y={y(one.calls)} width={step - 4} height={PAD.top + plot - y(one.calls)} class="all" />
            <rect x={PAD.left + h * step + 2} y={y(one.answered)} width={step - 4} height={PAD.top + plot - y(one.answered)} class="part" />
            {h % 3 === 0 && <text x={PAD.left + (h + 0.5) * step} y={height - 5} text-anchor="middle">{h}</text>}
          </g>
        ))}
      </svg>
      <p class="legend" aria-hidden="true"><i class="all" />{t("page.chart.calls")}<i class="part" />{t("page.chart.answered")}</p>
      <Hidden caption={t("page.home.hours")} heads={[t("page.chart.hour_head"), t("page.chart.calls"), t("page.chart.rate")]}
        rows={hours.map((one, h) => [String(h), String(one.calls), `${hourRate(one.answered, one.calls)}%`])} />
    </figure>
  );
}

/** 话费消费趋势: charges of each day (F6). */
export function ChargesChart({ days, height }: { days: [string, number][]; height: number }) {
  const [at, setAt] = useState<number | null>(null);
  const most = Math.max(...days.map(([, amount]) => amount), 0) / 1_000_000;
  const top = niceTop(most);
  const plot = height - PAD.top - PAD.bottom;
  const step = (WIDTH - PAD.left - PAD.right) / Math.max(1, days.length);
  const x = (index: number) => PAD.left + (index + 0.5) * step;
  const y = (amount: number) => PAD.top + plot * (1 - amount / 1_000_000 / top);
  const line = days.map(([, amount], index) => `${x(index).toFixed(1)},${y(amount).toFixed(1)}`).join(" ");
  const every = Math.max(1, Math.ceil(days.length / 8));
  return (
    <figure class="chart">
      <figcaption>{t("page.home.charges")}<output>{at !== null && days[at] ? `${days[at][0]} ${yuan(days[at][1])} ${t("page.yuan")}` : ""}</output></figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true" onMouseLeave={() => setAt(null)}>
        {[0, top / 2, top].map((value) => (
          <g key={value}><line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(value * 1e6)} y2={y(value * 1e6)} class="rule" /><text x={PAD.left - 5} y={y(value * 1e6) + 3} text-anchor="end">{value}</text></g>
        ))}
        <polyline points={line} class="trend" />
        {days.map(([day, amount], index) => (
          <g key={day} onMouseEnter={() => setAt(index)} class={at === index ? "hour on" : "hour"}>
            <rect x={x(index) - step / 2} y={PAD.top} width={step} height={plot} class="back" />
            <circle cx={x(index)} cy={y(amount)} r="3" class="dot" />
            {index % every === 0 && <text x={x(index)} y={height - 5} text-anchor="middle">{day.slice(5)}</text>}
          </g>
        ))}
      </svg>
      <Hidden caption={t("page.home.charges")} heads={[t("page.chart.day"), t("page.chart.amount")]} rows={days.map(([day, amount]) => [day, yuan(amount)])} />
    </figure>
  );
}

/** The same figures for those who hear the page. */
function Hidden({ caption, heads, rows }: { caption: string; heads: string[]; rows: string[][] }) {
  return (
    <table class="unseen">
      <caption>{caption}</caption>
      <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <tr key={row[0]}>{row.map((cell, index) => (index === 0 ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>))}</tr>)}</tbody>
    </table>
  );
}

/** An axis end of 2, 4, 10, 20, 40 … so that its half is whole. */
function niceTop(most: number): number {
  let unit = 1;
  for (;;) {
    for (const factor of [2, 4, 10]) if (most <= unit * factor) return unit * factor;
    unit *= 10;
  }
}
