import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, api, why } from "../api.ts";
import { importing, undo } from "../desk.ts";
import { bytes } from "../format.ts";
import { t } from "../texts.ts";
import type { ImportStatus } from "../types.ts";
import { Button, confirm } from "./ui.tsx";

const POLL_MS = 500;

interface ImportRunProps {
  name: string;
  size: number;
  /** Starts it; called once. */
  start: (sending: (share: number) => void) => Promise<ImportStatus>;
  close: () => void;
  done: () => void;
  /** Back to choosing a file. */
  again?: (() => void) | undefined;
  /** What stands below a refusal. */
  better?: ComponentChildren;
}

/** One import from its start to its counts. The socket brings the progress; where it is down, a look twice a second does. */
export function ImportRun({ name, size, start, close, done, again, better }: ImportRunProps) {
  const [sent, setSent] = useState(0);
  const [status, setStatus] = useState<ImportStatus | null>(null);
  const [error, setError] = useState("");
  const latest = useRef(done);
  latest.current = done;

  useEffect(() => {
    let here = true;
    let batch: number | null = null;
    importing.set(null);
    const take = (news: ImportStatus | null) => {
      if (!here || news === null || (batch !== null && news.batch !== batch)) return;
      batch = news.batch;
      setStatus(news);
      if (over(news)) {
        here = false;
        latest.current();
      }
    };
    const off = importing.watch(() => take(importing.get()));
    const timer = setInterval(() => here && batch !== null && void api.importStatus(batch).then(take, () => {}), POLL_MS);
    start((share) => here && setSent(share)).then(take, (refused: unknown) => {
      // Without an answer the import may still run; with one it does not.
      if (here && (batch === null || (refused instanceof Refused && refused.status !== 0))) setError(why(refused));
    });
    return () => {
      here = false;
      off();
      clearInterval(timer);
    };
  }, []);

  const refused = error || status?.refusal?.text || "";
  const finished = status !== null && over(status);
  return (
    <div class="importrun">
      <div class="body" aria-live="polite">
        <p>{name} · {bytes(size)}{status?.encoding && ` · ${status.encoding}`}{status !== null && cut(status) && ` · ${t("page.import.separator", { mark: separator(status.separator) })}`}</p>
        {!refused && <progress class="wide" max={100} value={percent(sent, status)} aria-label={t("page.import.progress")} />}
        {!refused && <p class="stage">{stage(sent, status)}</p>}
        {refused && <p class="error" role="alert">{refused}</p>}
        {refused && better}
        {status !== null && <Counts status={status} />}
        {status !== null && (status.samples?.length ?? 0) > 0 && <Samples status={status} />}
        {finished && status.duplicate + status.bad + status.blocked > 0 && <p><a class="button plain" href={api.rejectsLink(status.batch)} download="">{t("page.import.rejects")}</a></p>}
        {finished && status.passwords && <p><a class="button main" href={api.passwordsLink(status.batch)} download="">{t("page.import.passwords")}</a> <span class="hint">{t("page.import.passwords_hint")}</span></p>}
        {finished && status.undo !== undefined && <TakeBack undoes={status.undo} n={status.added + (status.updated ?? 0)} />}
      </div>
      <footer>
        <Button look="main" disabled={!finished && !refused} onClick={close}>{t("page.close")}</Button>
        {(finished || refused) && again && <Button onClick={again}>{t("page.import.again")}</Button>}
        {!finished && !refused && <Button onClick={close}>{t("page.import.behind")}</Button>}
      </footer>
    </div>
  );
}

/** The whole import can be taken back for a day. */
function TakeBack({ undoes, n }: { undoes: string; n: number }) {
  const [back, setBack] = useState(false);
  const ask = async () => {
    if (await confirm(t("page.import.undo_sure", { n }), t("page.import.undo"))) setBack(await undo(undoes));
  };
  return back ? <p class="tag good">{t("page.import.undone")}</p> : <p><Button look="danger" onClick={() => void ask()}>{t("page.import.undo")}</Button> <span class="hint">{t("page.import.undo_hint")}</span></p>;
}

const over = (status: ImportStatus): boolean => status.stage === "done" || status.stage === "refused";

/** Reading is what takes the time; the last step is one small commit. */
function percent(sent: number, status: ImportStatus | null): number {
  if (status === null) return sent * 5;
  if (over(status)) return 100;
  const read = status.bytes_total > 0 ? status.bytes_read / status.bytes_total : 0;
  return status.stage === "storing" ? 95 : 5 + read * 88;
}

function stage(sent: number, status: ImportStatus | null): string {
  if (status === null) return sent < 1 ? t("page.import.sending", { percent: Math.round(sent * 100) }) : t("page.import.stage.reading");
  return t(`page.import.stage.${status.stage}`);
}

function Counts({ status }: { status: ImportStatus }) {
  const counts: [string, number][] = [["rows", status.rows], ["added", status.added], ...(status.updated ? [["updated", status.updated] as [string, number]] : []), ["duplicate", status.duplicate], ["bad", status.bad], ["blocked", status.blocked]];
  return <dl class="counts">{counts.map(([what, n]) => <div key={what} class={n > 0 ? what : ""}><dt>{t(`page.import.${what}`)}</dt><dd>{n}</dd></div>)}</dl>;
}

function Samples({ status }: { status: ImportStatus }) {
  return (
    <div class="samples">
      <table class="table">
        <caption>{t("page.import.samples")}</caption>
        <thead><tr><th>{t("page.import.line")}</th><th>{t("page.import.raw")}</th><th>{t("page.import.became")}</th><th>{t("page.import.reason")}</th></tr></thead>
        <tbody>
          {status.samples!.map((one) => <tr key={one.line}><td class="num">{one.line}</td><td class="raw">{one.raw}</td><td>{t(`page.import.${one.kind}`)}</td><td class="reason">{one.reason.text}</td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

/** A workbook is cut into cells by itself. */
export const cut = (file: { encoding: string; separator: string }): boolean => file.separator !== "" && file.encoding !== "XLSX";

export function separator(mark: string): string {
  return ({ ",": t("page.import.comma"), ";": t("page.import.semicolon"), "\t": t("page.import.tab"), tab: t("page.import.tab") } as Record<string, string>)[mark] ?? mark;
}
