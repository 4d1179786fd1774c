import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, api, why } from "../api.ts";
import { importing } from "../desk.ts";
import { bytes } from "../format.ts";
import { t } from "../texts.ts";
import type { ImportStatus, PageView } from "../types.ts";
import { FileLine } from "./field.tsx";
import { Button, Dialog, useId } from "./ui.tsx";

interface ImportDialogProps {
  page: PageView;
  /** 追加号码 into this campaign. */
  campaign: number | undefined;
  target: string | undefined;
  close: () => void;
  done: () => void;
}

/** 批量导入 and 追加号码. */
export function ImportDialog({ page, campaign, target, close, done }: ImportDialogProps) {
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [sync, setSync] = useState(false);
  const [running, setRunning] = useState(false);
  const title = campaign === undefined ? t("page.import.title") : t("page.import.append");
  return (
    <Dialog title={`${title} · ${target ?? page.title}`} wide onClose={close}>
      {running && file !== null ? (
        <ImportRun page={page.id} file={file} campaign={campaign} sync={sync ? "true" : undefined} close={close} done={done} again={() => setRunning(false)} />
      ) : (
        <form class="form" onSubmit={(event) => (event.preventDefault(), file !== null && setRunning(true))}>
          <div class="body">
            <div class="line"><label for={id}>{t("page.import.file")}<b class="star" aria-hidden="true">*</b></label><div class="control"><FileLine page={page.id} common={{ id }} pick={setFile} /></div></div>
            {campaign !== undefined && (
              <div class="line"><label for={`${id}s`}>{t("page.import.sync")}</label><div class="control"><label><input id={`${id}s`} type="checkbox" checked={sync} onChange={() => setSync(!sync)} /> {t("page.yes_word")}</label></div></div>
            )}
          </div>
          <footer>
            <Button submit look="main" disabled={file === null}>{t("page.import.start")}</Button>
            <Button onClick={close}>{t("page.cancel")}</Button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

interface ImportRunProps {
  page: string;
  file: File;
  campaign: number | undefined;
  sync: string | undefined;
  close: () => void;
  done: () => void;
  /** Back to choosing a file. */
  again?: () => void;
}

const POLL_MS = 500;

/** One import from the upload to its counts. The socket brings the progress; where it is down, a look twice a second does. */
export function ImportRun({ page, file, campaign, sync, close, done, again }: ImportRunProps) {
  const [sent, setSent] = useState(0);
  const [status, setStatus] = useState<ImportStatus | null>(null);
  const [error, setError] = useState("");
  const [next, setNext] = useState<File>(file);
  const latest = useRef(done);
  latest.current = done;

  useEffect(() => {
    let here = true;
    let batch: number | null = null;
    setStatus(null);
    setSent(0);
    setError("");
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
    api.upload(page, next, { campaign, sync: sync === "true" ? "true" : undefined }, (share) => here && setSent(share))
      .then(take, (refused: unknown) => {
        // Without an answer the import may still run; with one it does not.
        if (here && (batch === null || (refused instanceof Refused && refused.status !== 0))) setError(why(refused));
      });
    return () => {
      here = false;
      off();
      clearInterval(timer);
    };
  }, [page, next, campaign, sync]);

  const refused = error || status?.refusal?.text || "";
  const finished = status !== null && over(status);
  return (
    <div class="importrun">
      <div class="body" aria-live="polite">
        <p>{file === next ? file.name : next.name} · {bytes(next.size)}{status?.encoding && ` · ${status.encoding}`}{status?.separator && ` · ${t("page.import.separator", { mark: separator(status.separator) })}`}</p>
        {!refused && <progress class="wide" max={100} value={percent(sent, status)} aria-label={t("page.import.progress")} />}
        {!refused && <p class="stage">{stage(sent, status)}</p>}
        {refused && <p class="error" role="alert">{refused}</p>}
        {refused && campaign !== undefined && again === undefined && <p class="hint">{t("page.import.campaign_kept")}</p>}
        {status !== null && <Counts status={status} />}
        {status !== null && (status.samples?.length ?? 0) > 0 && <Samples status={status} />}
        {finished && status.duplicate + status.bad + status.blocked > 0 && <p><a class="button plain" href={api.rejectsLink(status.batch)} download="">{t("page.import.rejects")}</a></p>}
        {refused && again === undefined && <FileLine page={page} common={{ "aria-label": t("page.import.file") }} pick={(picked) => picked !== null && setNext(picked)} />}
      </div>
      <footer>
        <Button look="main" disabled={!finished && !refused} onClick={close}>{t("page.close")}</Button>
        {(finished || refused) && again && <Button onClick={again}>{t("page.import.again")}</Button>}
        {!finished && !refused && <Button onClick={close}>{t("page.import.behind")}</Button>}
      </footer>
    </div>
  );
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
  const counts: [string, number][] = [["rows", status.rows], ["added", status.added], ["duplicate", status.duplicate], ["bad", status.bad], ["blocked", status.blocked]];
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

function separator(mark: string): string {
  return ({ ",": t("page.import.comma"), ";": t("page.import.semicolon"), "\t": t("page.import.tab"), tab: t("page.import.tab") } as Record<string, string>)[mark] ?? mark;
}
