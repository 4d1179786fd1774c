import { useState } from "preact/hooks";
import { api } from "../api.ts";
import { t } from "../texts.ts";
import type { PageView } from "../types.ts";
import { FileLine } from "./field.tsx";
import { ImportRun } from "./importrun.tsx";
import { Button, Dialog, useId } from "./ui.tsx";
import { Wizard } from "./wizard.tsx";

interface ImportDialogProps {
  page: PageView;
  /** 追加号码 into this campaign. */
  campaign: number | undefined;
  target: string | undefined;
  close: () => void;
  done: () => void;
}

/** 批量导入 by the steps of the wizard; 追加号码 in one. */
export function ImportDialog({ page, campaign, target, close, done }: ImportDialogProps) {
  const title = campaign === undefined ? t("page.import.title") : t("page.import.append");
  return (
    <Dialog title={`${title} · ${target ?? page.title}`} wide onClose={close}>
      {campaign === undefined ? <Wizard page={page} close={close} done={done} /> : <Append page={page.id} campaign={campaign} close={close} done={done} />}
    </Dialog>
  );
}

function Append({ page, campaign, close, done }: { page: string; campaign: number; close: () => void; done: () => void }) {
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [sync, setSync] = useState(false);
  const [running, setRunning] = useState(false);
  if (running && file !== null) return <CampaignImport page={page} file={file} campaign={campaign} sync={sync ? "true" : undefined} close={close} done={done} again={() => setRunning(false)} />;
  return (
    <form class="form" onSubmit={(event) => (event.preventDefault(), file !== null && setRunning(true))}>
      <div class="body">
        <div class="line"><label for={id}>{t("page.import.file")}<b class="star" aria-hidden="true">*</b></label><div class="control"><FileLine page={page} common={{ id }} pick={setFile} /></div></div>
        <div class="line"><label for={`${id}s`}>{t("page.import.sync")}</label><div class="control"><label class="tickline"><input id={`${id}s`} type="checkbox" checked={sync} onChange={() => setSync(!sync)} /> {t("page.yes_word")}</label></div></div>
      </div>
      <footer>
        <Button submit look="main" disabled={file === null}>{t("page.import.start")}</Button>
        <Button onClick={close}>{t("page.cancel")}</Button>
      </footer>
    </form>
  );
}

interface CampaignImportProps {
  page: string;
  file: File;
  campaign: number;
  sync: string | undefined;
  close: () => void;
  done: () => void;
  /** Back to choosing a file. */
  again?: () => void;
}

/** A campaign's numbers, from the upload to the counts. A refused file may be changed for a better one on the spot. */
export function CampaignImport({ page, file, campaign, sync, close, done, again }: CampaignImportProps) {
  const [next, setNext] = useState(file);
  const better = again === undefined && (
    <>
      <p class="hint">{t("page.import.campaign_kept")}</p>
      <FileLine page={page} common={{ "aria-label": t("page.import.file") }} pick={(picked) => picked !== null && setNext(picked)} />
    </>
  );
  return (
    <ImportRun key={`${next.name}${next.size}${next.lastModified}`} name={next.name} size={next.size} close={close} done={done} again={again} better={better || undefined}
      start={(sending) => api.upload(page, next, { campaign, sync: sync === "true" ? "true" : undefined }, sending)} />
  );
}
