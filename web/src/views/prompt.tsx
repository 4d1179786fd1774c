import { useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { toast } from "../desk.ts";
import { t } from "../texts.ts";
import { Button, Dialog, useId } from "./ui.tsx";

interface PromptProps {
  page: string;
  row: number;
  name: string;
  /** How many versions there are; 0 = nothing uploaded yet. */
  versions: number;
  /** May put a new file in place. */
  uploads: boolean;
  close: () => void;
  saved: () => void;
}

const KINDS = ".wav,.mp3,audio/wav,audio/mpeg";

/** 系统语音 of one row: hear it as callers do, hear an earlier version, put a new file in place. */
export function PromptDialog({ page, row, name, versions, uploads, close, saved }: PromptProps) {
  const id = useId();
  const [many, setMany] = useState(versions);
  const [version, setVersion] = useState(versions);
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (file === null || share !== null) return;
    setShare(0);
    setError("");
    try {
      await api.putFile(page, row, file, setShare);
      setMany(many + 1);
      setVersion(many + 1);
      setFile(null);
      toast(t("page.prompt.done"));
      saved();
    } catch (refused) {
      setError(why(refused));
    }
    setShare(null);
  };
  return (
    <Dialog title={name} onClose={close}>
      <form class="form" onSubmit={submit}>
        <div class="body">
          {many > 0 ? <audio key={version} controls src={api.fileLink(page, row, version === many ? undefined : version)} aria-label={t("page.prompt.hear", { name })} onError={() => setError(t("page.prompt.failed"))} /> : <p class="hint">{t("page.prompt.none")}</p>}
          {many > 1 && (
            <div class="line"><label for={`${id}v`}>{t("page.prompt.version")}</label>
              <div class="control"><select id={`${id}v`} value={version} onChange={(event) => setVersion(Number(event.currentTarget.value))}>
                {Array.from({ length: many }, (_, at) => many - at).map((n) => <option key={n} value={n}>{n === many ? t("page.prompt.now", { n }) : t("page.prompt.earlier", { n })}</option>)}
              </select></div>
            </div>
          )}
          {uploads && (
            <div class="line"><label for={id}>{t("page.prompt.file")}</label>
              <div class="control"><input key={many} id={id} type="file" accept={KINDS} onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} /><p class="hint">{t("page.prompt.rule")}</p></div>
            </div>
          )}
          {share !== null && <progress class="wide" max={1} value={share} aria-label={t("page.import.progress")} />}
        </div>
        {error && <p class="error" role="alert">{error}</p>}
        <footer>
          {uploads && <Button submit look="main" disabled={file === null || share !== null}>{t("page.prompt.upload")}</Button>}
          <Button onClick={close}>{t("page.close")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
