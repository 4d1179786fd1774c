import { useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../texts.ts";
import type { FieldView, ImportLook, ImportWish, PageView } from "../types.ts";
import { FieldControl, FileLine } from "./field.tsx";
import { ImportRun, cut, separator } from "./importrun.tsx";
import { Button, useId } from "./ui.tsx";

interface WizardProps {
  page: PageView;
  close: () => void;
  done: () => void;
}

const STEPS = ["file", "look", "run"] as const;

/** 批量导入: choose the file, see how it is understood and change that, then let it run. */
export function Wizard({ page, close, done }: WizardProps) {
  const [look, setLook] = useState<ImportLook | null>(null);
  const [wish, setWish] = useState<ImportWish | null>(null);
  const restart = () => (setLook(null), setWish(null));
  const now = wish !== null ? "run" : look !== null ? "look" : "file";
  return (
    <>
      <ol class="steps">{STEPS.map((step) => <li key={step} aria-current={step === now ? "step" : undefined}>{t(`page.import.step.${step}`)}</li>)}</ol>
      {wish !== null && look !== null
        ? <ImportRun name={look.file_name} size={look.bytes} start={() => api.runImport(page.id, wish)} close={close} done={done} again={restart} />
        : look !== null
          ? <Look page={page} look={look} go={setWish} back={restart} close={close} />
          : <Choose page={page.id} looked={setLook} close={close} />}
    </>
  );
}

/** The file goes to the service, which says what it seems to be; nothing is stored yet. */
function Choose({ page, looked, close }: { page: string; looked: (look: ImportLook) => void; close: () => void }) {
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (file === null || share !== null) return;
    setShare(0);
    setError("");
    try {
      return looked(await api.look(page, file, setShare));
    } catch (refused) {
      setError(why(refused));
    }
    setShare(null);
  };
  return (
    <form class="form" onSubmit={submit}>
      <div class="body">
        <div class="line"><label for={id}>{t("page.import.file")}<b class="star" aria-hidden="true">*</b></label>
          <div class="control"><FileLine page={page} common={{ id }} pick={setFile} /></div>
        </div>
        {share !== null && <progress class="wide" max={1} value={share} aria-label={t("page.import.progress")} />}
      </div>
      {error && <p class="error" role="alert">{error}</p>}
      <footer>
        <Button submit look="main" disabled={file === null || share !== null}>{t("page.import.next")}</Button>
        <Button onClick={close}>{t("page.cancel")}</Button>
      </footer>
    </form>
  );
}

const EXISTING = ["skip", "merge", "overwrite"] as const;

/** How the file is understood, column by column, and what shall become of whom. */
function Look({ page, look, go, back, close }: { page: PageView; look: ImportLook; go: (wish: ImportWish) => void; back: () => void; close: () => void }) {
  const [columns, setColumns] = useState(() => look.columns.map((one) => one.field));
  const [existing, setExisting] = useState<string>("skip");
  const [owners, setOwners] = useState("");
  const name = useId();
  const twice = columns.find((field, at) => field !== "" && columns.indexOf(field) !== at);
  const people = page.columns.some((one) => one.id === "owner");
  const dealt = dealField(page);
  const mark = cut(look) && t("page.import.separator", { mark: separator(look.separator) });
  const facts = [look.file_name, bytes(look.bytes), look.encoding, mark, t("page.import.row_count", { n: look.rows })].filter(Boolean);
  const ids = owners.split(",").filter(Boolean).map(Number);
  return (
    <form class="form" onSubmit={(event) => (event.preventDefault(), twice === undefined && go({ look: look.look, columns, existing, owners: ids }))}>
      <div class="body">
        <p class="facts">{facts.join(" · ")}</p>
        <div class="samples mapping" tabIndex={0} role="region" aria-label={t("page.import.mapping")}>
          <table class="table">
            <thead>
              <tr>{look.columns.map((one, at) => <th key={at} scope="col">{one.header || t("page.import.nameless", { n: at + 1 })}{one.remembered && <span class="tag">{t("page.import.remembered")}</span>}</th>)}</tr>
              <tr>{look.columns.map((one, at) => (
                <td key={at}>
                  <select aria-label={t("page.import.column_to", { name: one.header || at + 1 })} class={columns[at] === "" ? "unset" : ""} value={columns[at]}
                    onChange={(event) => setColumns(columns.map((field, i) => (i === at ? event.currentTarget.value : field)))}>
                    <option value="">{t("page.import.ignore")}</option>
                    {look.fields.map((field) => <option key={field.value} value={field.value}>{field.label}</option>)}
                  </select>
                </td>
              ))}</tr>
            </thead>
            <tbody>{look.first.map((row, at) => <tr key={at}>{look.columns.map((_, i) => <td key={i}>{row[i] ?? ""}</td>)}</tr>)}</tbody>
          </table>
        </div>
        {twice !== undefined && <p class="wrong" role="alert">{t("page.import.twice", { field: look.fields.find((one) => one.value === twice)?.label ?? twice })}</p>}
        {people && (
          <div class="line" role="radiogroup" aria-label={t("page.import.existing")}>
            <span class="label">{t("page.import.existing")}</span>
            <div class="control several">
              {EXISTING.map((one) => <label key={one}><input type="radio" name={name} checked={existing === one} onChange={() => setExisting(one)} /> {t(`page.import.existing_${one}`)}</label>)}
            </div>
          </div>
        )}
        {people && dealt !== undefined && <FieldControl page={page.id} field={dealt} value={owners} editing={false} complain={false} set={setOwners} pick={() => {}} />}
      </div>
      <footer>
        <Button submit look="main" disabled={twice !== undefined || columns.every((one) => one === "")}>{t("page.import.start")}</Button>
        <Button onClick={back}>{t("page.import.back")}</Button>
        <Button onClick={close}>{t("page.cancel")}</Button>
      </footer>
    </form>
  );
}

/** Who may give customers to seats may deal new ones at once: by the seats his 分配 names. */
function dealField(page: PageView): FieldView | undefined {
  const asks = page.actions.filter((one) => one.id.startsWith("assign")).flatMap((one) => one.asks ?? []);
  const seats = asks.find((one) => one.options_from && one.kind === "choices") ?? asks.find((one) => one.options_from);
  return seats && { ...seats, kind: "choices", title: t("page.import.owners"), hint: t("page.import.owners_hint"), required: false, default: "" };
}
